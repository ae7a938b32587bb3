"""Files that come with a mail: their names, and what can be opened among them."""

from dataclasses import dataclass

from makegood.channels.interface import Part

from .charsets import clean_name
from .mime import Entity, Mail, parse
from .params import parameters
from .tnef import read_tnef
from .troubles import EXTERNAL, PARTIAL
from .words import decode_words
from .wrapped import signed_content

MAX_WRAPPED = 3
"""How often a mail may be wrapped into another before we stop opening."""

_OFFICE = "application/vnd.openxmlformats-officedocument"
EXTENSIONS = {
    "text/plain": "txt",
    "text/html": "html",
    "text/rfc822-headers": "txt",
    "text/calendar": "ics",
    "text/csv": "csv",
    "text/vcard": "vcf",
    "text/x-vcard": "vcf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "message/rfc822": "eml",
    "application/pgp-signature": "asc",
    "application/pkcs7-signature": "p7s",
    "application/x-pkcs7-signature": "p7s",
    "application/ms-tnef": "dat",
    "message/global": "eml",
    "image/jpg": "jpg",
    "image/pjpeg": "jpg",
    "image/tiff": "tif",
    "image/bmp": "bmp",
    "image/svg+xml": "svg",
    "image/heif": "heif",
    "image/avif": "avif",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/ogg": "ogg",
    "audio/amr": "amr",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/3gpp": "3gp",
    "video/webm": "webm",
    "text/xml": "xml",
    "application/xml": "xml",
    "application/json": "json",
    "application/rtf": "rtf",
    "text/rtf": "rtf",
    "application/gzip": "gz",
    "application/x-gzip": "gz",
    "application/x-zip-compressed": "zip",
    "application/x-7z-compressed": "7z",
    "application/vnd.rar": "rar",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    f"{_OFFICE}.wordprocessingml.document": "docx",
    f"{_OFFICE}.spreadsheetml.sheet": "xlsx",
    f"{_OFFICE}.presentationml.presentation": "pptx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/ics": "ics",
    "application/pgp-keys": "asc",
}
_DEVICES = {"CON", "PRN", "AUX", "NUL"} | {f"{p}{n}" for p in ("COM", "LPT") for n in range(1, 10)}
"""Names that some systems keep for themselves."""
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
_SIGNED = ("application/pkcs7-mime", "application/x-pkcs7-mime")


@dataclass(slots=True)
class Wrapped:
    """What was inside a file that wraps a mail."""

    text: str = ""
    html: str = ""
    mail: Mail | None = None


def open_file(mail: Mail, entity: Entity, parts: list[Part]) -> Wrapped | None:
    """Open `winmail.dat` or a signed envelope, adding its files to `parts`; None for all else."""
    name = parameters(entity.first("content-disposition")).text("filename")
    name = (name or entity.content.text("name")).lower()
    if entity.kind in _TNEF or name == "winmail.dat":
        found = read_tnef(mail.body(entity))
        if found is None:
            return None
        for file in found.files:
            parts.append(file_part(file.name, file.content, kind=file.kind, cid=file.cid))
        return Wrapped(found.text, found.html)
    if entity.kind in _SIGNED and entity.content.text("smime-type").lower() != "enveloped-data":
        content = signed_content(mail.body(entity))
        if content:
            return Wrapped(mail=parse(content))
    return None


def note_kind(entity: Entity, facts: dict[str, str], troubles: list[str]) -> None:
    """Say what is special about a file that cannot be opened."""
    if entity.kind == "message/partial":
        number, total = entity.content.text("number"), entity.content.text("total")
        facts["piece"] = clean_name(f"{number} / {total}", longest=40).strip(" /")
        troubles.append(PARTIAL)
    elif entity.kind == "message/external-body":
        steps = (entity.content.text(name).strip("/") for name in ("site", "directory", "name"))
        place = entity.content.text("url") or "/".join(filter(None, steps))
        facts["elsewhere"] = clean_name(place, longest=500)
        troubles.append(EXTERNAL)
    elif entity.kind in ("application/pgp-signature", "application/x-pgp-signature"):
        facts["signed"] = "PGP"
    elif entity.kind in ("application/pkcs7-signature", "application/x-pkcs7-signature"):
        facts["signed"] = "S/MIME"


def file_part(name: str, content: bytes, *, kind: str = "", cid: str = "") -> Part:
    """A file that was inside something else."""
    kind = clean_name(kind) if kind.isascii() and "/" in kind else ""
    return Part(
        name=file_name(name) or "attachment.bin",
        content_type=kind or "application/octet-stream",
        content=content,
        cid=clean_name(cid),
        is_inline=bool(cid),
    )


def without_marks(text: str) -> str:
    """Enriched text (RFC 1896) without its commands."""
    out: list[str] = []
    for i, piece in enumerate(text.replace("<<", "\0").split("<")):
        command, closed, words = piece.partition(">")
        out.append(piece if i == 0 else words if closed and len(command) < 60 else f"<{piece}")
    return "".join(out).replace("\0", "<")


def part_of(mail: Mail, entity: Entity, number: int) -> Part:
    """A file as it stands in the mail."""
    disposition = parameters(entity.first("content-disposition"))
    cid = clean_name(decode_words(entity.first("content-id"))).strip("<> ")
    given = disposition.text("filename") or entity.content.text("name")
    content = mail.body(entity)
    kind = entity.kind if entity.kind.isascii() and len(entity.kind) <= 100 else ""
    return Part(
        name=file_name(given) or _made_name(entity, content, number),
        content_type=clean_name(kind) or "application/octet-stream",
        content=content,
        cid=cid,
        is_inline=bool(cid) and disposition.value != "attachment",
    )


def file_name(given: str) -> str:
    """A name without path, invisible characters and tricks of direction; or nothing."""
    name = clean_name(given[-1_000:], longest=1_000).replace("\\", "/").rpartition("/")[2]
    if name[:1] == "'" == name[-1:]:
        name = name[1:-1]
    name = "".join("_" if char in '<>:"|?*' else char for char in name).strip(". ")
    if len(name) > 150:
        stem, dot, extension = name.rpartition(".")
        short = dot and len(extension) <= 20
        name = f"{stem[: 149 - len(extension)]}.{extension}" if short else name[:150]
    is_device = name.partition(".")[0].strip().upper() in _DEVICES
    return f"_{name}" if is_device else name


def _made_name(entity: Entity, content: bytes, number: int) -> str:
    extension = EXTENSIONS.get(entity.kind, "bin")
    if extension == "eml":
        subject = _subject_within(content)
        if subject:
            return f"{subject}.eml"
    stem = "invitation" if extension == "ics" else f"attachment-{number}"
    return f"{stem}.{extension}"


def _subject_within(content: bytes) -> str:
    for line in content[:20_000].splitlines():
        if not line.strip():
            break
        if line[:8].lower() == b"subject:":
            return file_name(decode_words(line[8:].strip()))[:80]
    return ""
