"""How a file leaves the house: as an attachment, in a box, under a harmless type (D16)."""

import unicodedata
from urllib.parse import quote

from django.http import FileResponse, HttpResponseBase

from makegood.files import storage
from makegood.files.models import File

SHOWN_INLINE = {"image/png", "image/jpeg", "image/gif", "image/webp"}
SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)


def sniffed_type(head: bytes) -> str:
    """What the bytes are, by their signature; anything else is an unnamed stream."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    for signature, content_type in SIGNATURES:
        if head.startswith(signature):
            return content_type
    return "application/octet-stream"


def disposition(kind: str, name: str) -> str:
    """RFC 6266: an ASCII fallback that cannot break the header, and the real name beside."""
    name = name.replace("/", "_").replace("\\", "_")[:180] or "file"
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join(letter if letter.isalnum() or letter in " ._-()" else "_" for letter in plain)
    return (
        f"{kind}; filename=\"{plain.strip() or 'file'}\"; filename*=UTF-8''{quote(name, safe='')}"
    )


def serve(file: File, name: str, *, may_show: bool = False) -> HttpResponseBase:
    """The answer that carries a file. The caller has passed the gate; this adds the box."""
    handle = storage.path_of(file.sha256).open("rb")
    content_type = sniffed_type(handle.read(16))
    handle.seek(0)
    shown = may_show and content_type in SHOWN_INLINE
    response = FileResponse(handle, content_type=content_type)
    response.headers["Content-Disposition"] = disposition("inline" if shown else "attachment", name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
