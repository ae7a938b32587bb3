"""Writing a mail: what goes into the outbox as an `Outgoing` leaves as these bytes.

Written by hand and not by the standard library, whose folding breaks long Message-IDs. What
is put into a header is one line, whatever it was (security.md T20).
"""

import base64
import binascii
import hashlib
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import quote

from makegood.channels.email.addresses import canonical
from makegood.channels.email.envelopes import bracketed, trace_of
from makegood.channels.email.references import PROBE_HEADER, TRACE_HEADER
from makegood.channels.interface import Address, Outgoing, OutgoingFile

_LINE = 76
_ATOM = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !#$%&'*+-/=?^_`{|}~")

Load = Callable[[str], bytes]


def compose(outgoing: Outgoing, load: Load, *, at: datetime | None = None) -> bytes:
    """The whole mail, with CRLF and only ASCII. `load` gives a file's content by its SHA-256."""
    body = _body(outgoing, load)
    lines = [_header(name, value) for name, value in _headers(outgoing, at or datetime.now(UTC))]
    return "".join(lines).encode("ascii", "replace") + body


def envelope_of(outgoing: Outgoing) -> tuple[str, list[str]]:
    """(sender, recipients) for the transport."""
    sender = canonical(outgoing.sender.address) if outgoing.sender else ""
    recipients = [canonical(one.address) for one in [*outgoing.to, *outgoing.cc]]
    return sender, [one for one in dict.fromkeys(recipients) if one]


# ── Headers ───────────────────────────────────────────────────────────────────


def _headers(outgoing: Outgoing, at: datetime) -> list[tuple[str, str]]:
    headers = [
        ("From", _mailboxes([outgoing.sender] if outgoing.sender else [])),
        ("To", _mailboxes(outgoing.to)),
        ("Cc", _mailboxes(outgoing.cc)),
        ("Reply-To", canonical(outgoing.reply_to)),
        ("Subject", _words(_one_line(outgoing.subject))),
        ("Date", format_datetime(at)),
        ("Message-ID", bracketed(outgoing.key)),
        ("In-Reply-To", bracketed(outgoing.in_reply_to)),
        ("References", " ".join(filter(None, map(bracketed, outgoing.references)))),
        ("MIME-Version", "1.0"),
        (TRACE_HEADER.title(), trace_of(outgoing.key)),
    ]
    if outgoing.probe:
        headers.append((PROBE_HEADER.title(), outgoing.probe))
    if outgoing.is_automatic:
        kind = "auto-replied" if outgoing.in_reply_to else "auto-generated"
        headers += [("Auto-Submitted", kind), ("X-Auto-Response-Suppress", "All")]
        # Read by vacation programs that are older than RFC 3834.
        headers += [("Precedence", "bulk" if outgoing.in_reply_to else "")]
    if outgoing.unsubscribe:
        headers += [("List-Unsubscribe", f"<{outgoing.unsubscribe}>")]
        headers += [("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")]
    return [(name, value) for name, value in headers if value]


def _one_line(text: str) -> str:
    """One line of printable text, whatever was put in."""
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text)
    return " ".join(kept.split())[:900]


def _mailboxes(addresses: Sequence[Address]) -> str:
    return ", ".join(filter(None, map(_mailbox, addresses)))


def _mailbox(one: Address) -> str:
    address, name = canonical(one.address), _one_line(one.name)
    if not address or not name:
        return address
    if name.isascii():
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f"{name if set(name) <= _ATOM else f'{chr(34)}{quoted}{chr(34)}'} <{address}>"
    return f"{_words(name)} <{address}>"


def _words(text: str) -> str:
    """Encoded words (RFC 2047) where it must be: 75 characters each, no character cut in two."""
    if text.isascii() and "=?" not in text:
        return text
    out: list[str] = []
    chunk = b""
    for char in text:
        data = char.encode("utf-8", "replace")
        if len(chunk) + len(data) > 45:
            out.append(_word(chunk))
            chunk = b""
        chunk += data
    return " ".join([*out, _word(chunk)])


def _word(chunk: bytes) -> str:
    return f"=?utf-8?b?{base64.b64encode(chunk).decode()}?="


def _header(name: str, value: str) -> str:
    """Fold at spaces only, so that an id or an address is never broken."""
    out, length = [f"{name}:"], len(name) + 1
    for word in value.split(" "):
        if length + 1 + len(word) > _LINE and length > len(name) + 1:
            out.append("\r\n")
            length = 0
        out.append(f" {word}")
        length += 1 + len(word)
    return "".join(out) + "\r\n"


# ── Bodies ────────────────────────────────────────────────────────────────────


def _body(outgoing: Outgoing, load: Load) -> bytes:
    inline = [file for file in outgoing.files if file.cid and outgoing.html]
    attached = [file for file in outgoing.files if file not in inline]
    seed = outgoing.key
    body = _text("plain", outgoing.text)
    if outgoing.html:
        html = _text("html", outgoing.html)
        if inline:
            html = _multipart("related", [html, *(_file(f, load) for f in inline)], seed)
        body = _multipart("alternative", [body, html], seed)
    if attached:
        body = _multipart("mixed", [body, *(_file(f, load) for f in attached)], seed)
    return body


def _text(subtype: str, text: str) -> bytes:
    clean = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    data = binascii.b2a_qp((clean.rstrip("\n") + "\n").encode("utf-8", "replace"), istext=True)
    head = (
        f"Content-Type: text/{subtype}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head.encode() + data.replace(b"\n", b"\r\n")


def _file(file: OutgoingFile, load: Load) -> bytes:
    kind = file.content_type.lower()
    if not _is_plain_type(kind):
        kind = "application/octet-stream"
    name = _one_line(file.name).replace("/", "_").replace("\\", "_")[:150] or "file"
    lines = [
        f"Content-Type: {kind}",
        "Content-Transfer-Encoding: base64",
        f"Content-Disposition: {'inline' if file.cid else 'attachment'};\r\n{_name(name)}",
    ]
    if file.cid:
        lines.append(f"Content-ID: {bracketed(file.cid)}")
    content = base64.encodebytes(load(file.sha256)).replace(b"\n", b"\r\n")
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + content


def _name(name: str) -> str:
    """A file's name, by RFC 2231 where it is not plain: then nothing else, or some read that."""
    if name.isascii():
        return ' filename="{}"'.format(name.replace('"', "'"))
    value = f"utf-8''{quote(name, safe='')}"
    if len(value) <= 60:
        return f" filename*={value}"
    chunks = [value[i : i + 60] for i in range(0, len(value), 60)]
    return ";\r\n".join(f" filename*{i}*={chunk}" for i, chunk in enumerate(chunks))


def _is_plain_type(kind: str) -> bool:
    main, slash, sub = kind.partition("/")
    letters = (main + sub).replace("-", "").replace(".", "").replace("+", "")
    is_safe = bool(slash and main and sub) and letters.isascii() and letters.isalnum()
    # These would have to be written otherwise than in base64.
    return is_safe and main not in ("multipart", "message") and len(kind) <= 80


def _multipart(subtype: str, parts: Sequence[bytes], seed: str) -> bytes:
    """Join parts with a boundary that stays the same on every try of one mail."""
    boundary = "mg-" + hashlib.sha256(f"{subtype} {seed}".encode("utf-8", "replace")).hexdigest()
    mark = f"--{boundary}\r\n".encode()
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n\r\n'.encode()
    joined = b"".join(mark + part.rstrip(b"\r\n") + b"\r\n\r\n" for part in parts)
    return head + joined + f"--{boundary}--\r\n".encode()
