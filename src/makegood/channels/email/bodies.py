"""Which parts of a mail are its words, and which are files that came along."""

from dataclasses import dataclass, field

from makegood.channels.interface import Part

from .charsets import clean_name, clean_text, decode
from .flowed import unflow
from .htmltext import Reading, read_html
from .mime import Entity, Mail
from .params import parameters
from .quoting import Kind, Split, split
from .troubles import ENCRYPTED, TEXT_TOO_LONG
from .words import decode_words

MAX_TEXT = 2_000_000
_BEFORE = (Kind.QUOTE, Kind.FORWARDED)

_EXTENSIONS = {
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
}
_BODIES = ("text/plain", "text/html", "text/enriched", "text")
_REPORTS = (
    "message/delivery-status",
    "message/disposition-notification",
    "message/feedback-report",
)


@dataclass(slots=True)
class Contents:
    """The words and files of one mail."""

    split: Split = field(default_factory=Split)
    html: str = ""
    has_html: bool = False
    parts: list[Part] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)


def contents(mail: Mail, *, careful: bool = False, is_forward: bool = False) -> Contents:
    """Everything a mail holds. `careful` reads no HTML and opens no files."""
    found = _Gathered()
    _gather(mail.root, found, "")
    told = Contents()
    plain = "\n\n".join(filter(None, (_plain(mail, e, told) for e in found.plain)))
    pages = [] if careful else [read_html(_text(mail, e)) for e in found.html]
    if careful and not plain:
        plain = "\n\n".join(_text(mail, e)[:MAX_TEXT] for e in found.html)
    told.html = "\n<hr>\n".join(page.html for page in pages if page.html)
    told.has_html = bool(found.html)
    told.split = _words(plain, pages, is_forward=is_forward)
    told.troubles += [page.trouble for page in pages if page.trouble]
    if found.encrypted:
        told.troubles.append(ENCRYPTED)
    if not careful:
        told.parts = [_part(mail, e, i) for i, e in enumerate(found.files, start=1)]
        told.parts += [picture for page in pages for picture in page.pictures]
    return told


def _words(plain: str, pages: list[Reading], *, is_forward: bool) -> Split:
    """The text, split; from the HTML where the plain part is empty or hides its quote."""
    from_plain = split(plain, is_forward=is_forward)
    page_text = "\n\n".join(page.text for page in pages)
    if not page_text.strip():
        return from_plain
    marks = pages[0].marks if len(pages) == 1 else ()
    if _says_less(plain, page_text):
        return split(page_text, marks, is_forward=is_forward)
    if any(piece.kind in _BEFORE for piece in from_plain.folded):
        return from_plain
    from_html = split(page_text, marks, is_forward=is_forward)
    return from_html if any(piece.kind in _BEFORE for piece in from_html.folded) else from_plain


def _says_less(plain: str, page: str) -> bool:
    """Whether the plain part is empty, or only says that the words are in the other."""
    return not plain.strip() or (len(plain) * 4 < len(page) and len(plain.split()) < 60)


@dataclass(slots=True)
class _Gathered:
    plain: list[Entity] = field(default_factory=list)
    html: list[Entity] = field(default_factory=list)
    files: list[Entity] = field(default_factory=list)
    encrypted: bool = False


def _gather(entity: Entity, found: _Gathered, within: str) -> None:
    kind = entity.kind
    if kind == "multipart/alternative" and entity.children:
        _gather_alternative(entity, found)
    elif entity.children:
        found.encrypted = found.encrypted or kind == "multipart/encrypted"
        for child in entity.children:
            _gather(child, found, kind)
    elif kind in _BODIES and not _is_file(entity):
        (found.html if kind == "text/html" else found.plain).append(entity)
    elif entity.depth == 0 and entity.start >= entity.end:
        return
    elif not (within == "multipart/report" and kind.startswith(_REPORTS)):
        found.encrypted = found.encrypted or _is_smime_envelope(entity)
        found.files.append(entity)


def _gather_alternative(entity: Entity, found: _Gathered) -> None:
    """Of several ways of saying one thing, the plain and the richest; the rest are files."""
    inner = _Gathered()
    for child in entity.children:
        _gather(child, inner, entity.kind)
    found.plain += inner.plain[:1] if len(inner.html) else inner.plain
    found.html += inner.html
    found.files += inner.files
    found.encrypted = found.encrypted or inner.encrypted


def _is_file(entity: Entity) -> bool:
    disposition = parameters(entity.first("content-disposition"))
    if disposition.value == "attachment":
        return True
    return bool(disposition.text("filename") or entity.content.text("name")) and entity.depth > 0


def _is_smime_envelope(entity: Entity) -> bool:
    if entity.kind not in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        return False
    return entity.content.text("smime-type").lower() in ("enveloped-data", "")


def _text(mail: Mail, entity: Entity) -> str:
    return decode(mail.body(entity), entity.content.text("charset"))


def _plain(mail: Mail, entity: Entity, told: Contents) -> str:
    text = clean_text(_text(mail, entity))
    if len(text) > MAX_TEXT:
        text = text[:MAX_TEXT]
        told.troubles.append(TEXT_TOO_LONG)
    if entity.content.text("format").lower() == "flowed":
        text = unflow(text, delsp=entity.content.text("delsp").lower() == "yes")
    return text.strip("\n")


def _part(mail: Mail, entity: Entity, number: int) -> Part:
    disposition = parameters(entity.first("content-disposition"))
    cid = clean_name(decode_words(entity.first("content-id"))).strip("<> ")
    given = disposition.text("filename") or entity.content.text("name")
    is_mail = entity.kind in ("message/rfc822", "message/global")
    content = mail.raw[entity.start : entity.end] if is_mail else mail.body(entity)
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
    name = clean_name(given[-1_000:].replace("\\", "/").rpartition("/")[2], longest=1_000)
    name = "".join("_" if char in '<>:"|?*' else char for char in name).strip(". ")
    if len(name) > 150:
        stem, dot, extension = name.rpartition(".")
        short = dot and len(extension) <= 20
        name = f"{stem[: 149 - len(extension)]}.{extension}" if short else name[:150]
    return name


def _made_name(entity: Entity, content: bytes, number: int) -> str:
    extension = _EXTENSIONS.get(entity.kind, "bin")
    if entity.kind == "message/rfc822":
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
