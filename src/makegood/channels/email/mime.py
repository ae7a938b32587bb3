"""The shape of a mail: headers, parts and where each begins, read in one linear pass with caps."""

import binascii
from dataclasses import dataclass, field

from .params import Parameters, parameters
from .troubles import (
    CUT_OFF,
    NO_BOUNDARY,
    TOO_DEEP,
    TOO_LARGE,
    TOO_MANY_HEADERS,
    TOO_MANY_PARTS,
)

MAX_BYTES = 50 * 1024 * 1024
MAX_DEPTH = 20
MAX_PARTS = 500
MAX_HEADERS = 1_000
MAX_HEADER_BYTES = 256 * 1024
MAX_ALL_HEADER_BYTES = 1024 * 1024
MAX_BOUNDARY_LINES = 20_000
_GUESSES = 50
_COMMON = frozenset(
    b"from to cc subject date message-id mime-version content-type reply-to received "
    b"content-transfer-encoding return-path in-reply-to references x-mailer".split()
)
_PARAMETERS = frozenset(b"boundary charset name filename format delsp type report-type".split())


@dataclass(slots=True)
class Entity:
    """One part of a mail, or the mail itself: its headers and where its body lies."""

    headers: list[tuple[str, bytes]]
    start: int
    end: int
    content: Parameters
    depth: int = 0
    children: "list[Entity]" = field(default_factory=list)
    begin: int = 0
    """Where its headers begin."""

    @property
    def kind(self) -> str:
        """`text/plain` and the like, always in lower case."""
        return self.content.value

    def all(self, name: str) -> list[bytes]:
        """Every value of a header, in the order of the mail."""
        return [value for header, value in self.headers if header == name]

    def first(self, name: str) -> bytes:
        """The topmost value of a header, or nothing."""
        return next((value for header, value in self.headers if header == name), b"")


@dataclass(slots=True)
class Mail:
    """A parsed mail: its raw bytes, the tree of its parts, and what was wrong with it."""

    raw: bytes
    root: Entity
    troubles: list[str]

    def body(self, entity: Entity) -> bytes:
        """The bytes of a part as they were before the transfer encoding."""
        encoded = self.raw[entity.start : entity.end]
        encoding = parameters(entity.first("content-transfer-encoding")).value
        return _decode_transfer(encoded, encoding)


def parse(raw: bytes) -> Mail:
    """Split any bytes at all into a mail; what breaks a cap is named in `troubles`."""
    if b"\n" not in raw and b"\r" in raw:
        # Line ends of old Macintoshes.
        raw = raw.replace(b"\r", b"\n")
    mail = _Scan(raw).mail()
    if NO_BOUNDARY in mail.troubles and mail.root.first("content-transfer-encoding"):
        # A whole multipart may be encoded, though it must not be.
        decoded = mail.body(mail.root)
        inside = _Scan(raw[: mail.root.start] + decoded).mail()
        if inside.root.children:
            return inside
    return mail


class _Scan:
    """The state of one pass: what is left of each budget."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.parts = 0
        self.boundary_lines = 0
        self.header_bytes = 0
        self.troubles: list[str] = []

    def mail(self) -> Mail:
        start = _skip_mbox_line(self.raw)
        if len(self.raw) > MAX_BYTES:
            self.trouble(TOO_LARGE)
            root = self.leaf(start, min(len(self.raw), start + MAX_HEADER_BYTES), 0, "text/plain")
            root.end = root.start
        else:
            root = self.entity(start, len(self.raw), 0, "text/plain")
        return Mail(self.raw, root, self.troubles)

    def trouble(self, words: str) -> None:
        if words not in self.troubles:
            self.troubles.append(words)

    def leaf(self, start: int, end: int, depth: int, default: str) -> Entity:
        headers, body = self.headers(start, end)
        content = parameters(_first(headers, "content-type"))
        if "/" not in content.value:
            content = Parameters(default, content.fields)
        return Entity(headers, body, end, content, depth, begin=start)

    def entity(self, start: int, end: int, depth: int, default: str) -> Entity:
        self.parts += 1
        entity = self.leaf(start, end, depth, default)
        if not entity.kind.startswith("multipart/"):
            return entity
        if depth >= MAX_DEPTH:
            self.trouble(TOO_DEEP)
            return entity
        inner = "message/rfc822" if entity.kind == "multipart/digest" else "text/plain"
        for a, b in self.splits(entity):
            if self.parts >= MAX_PARTS:
                self.trouble(TOO_MANY_PARTS)
                break
            entity.children.append(self.entity(a, b, depth + 1, inner))
        if not entity.children:
            # Read on as text: a person may still find the words in it.
            self.trouble(NO_BOUNDARY)
            entity.content = Parameters("text/plain", {})
        return entity

    def splits(self, entity: Entity) -> list[tuple[int, int]]:
        """Where the children of a multipart begin and end."""
        boundary = self.boundary(entity)
        if not boundary or len(boundary) > 500:
            return []
        spans: list[tuple[int, int]] = []
        begun, closed = -1, False
        for line, after, closes in self.boundaries(b"--" + boundary, entity.start, entity.end):
            if begun >= 0:
                spans.append((begun, max(begun, line)))
            elif not closed and (lost := self.raw.find(b"\nContent-", entity.start, line) + 1):
                spans.append((lost, line))  # the line above this part was damaged
            # Below the end there may be more: some gateways add a part and forget to move it.
            begun = -1 if closes or (closed and not self.is_part(after)) else after
            closed = closed or closes
            if len(spans) > MAX_PARTS:
                break
        if begun >= 0:
            if not closed:
                self.trouble(CUT_OFF)
            spans.append((begun, entity.end))
        return spans

    def boundary(self, entity: Entity) -> bytes:
        """The boundary as the mail uses it: quotes and remarks may not belong to it."""
        given = entity.content.raw("boundary") or entity.content.text("boundary").encode()
        given = given.rstrip()
        for each in (given, given.strip(b"'"), given.partition(b" (")[0].rstrip()):
            if each and self.raw.find(b"--" + each, entity.start, entity.end) >= 0:
                return each
        if seen := self.boundary_seen(entity):
            self.trouble(NO_BOUNDARY)
        return seen or given

    def boundary_seen(self, entity: Entity) -> bytes:
        """The line that stands where a boundary should, where the mail names another, or none."""
        at = entity.start if self.raw.startswith(b"--", entity.start) else -1
        if at < 0:
            at = self.raw.find(b"\n--", entity.start, entity.end) + 1
        for _line in range(_GUESSES):
            stop = self.raw.find(b"\n", at, entity.end) if at > 0 else -1
            if stop < 0:
                break
            line = self.raw[at + 2 : stop].rstrip()
            if 0 < len(line) <= 200 and self.is_part(stop + 1):
                return line
            at = self.raw.find(b"\n--", stop, entity.end) + 1
        return b""

    def is_part(self, at: int) -> bool:
        """Whether the headers of a part begin here."""
        return self.raw[at : at + 8].lower() == b"content-"

    def boundaries(self, needle: bytes, start: int, end: int) -> list[tuple[int, int, bool]]:
        """(end of the part before, begin of the part after, is this the last) of each line."""
        found: list[tuple[int, int, bool]] = []
        raw = self.raw
        at = start if raw.startswith(needle, start, end) else raw.find(b"\n" + needle, start, end)
        while at >= 0:
            self.boundary_lines += 1
            if self.boundary_lines > MAX_BOUNDARY_LINES:
                self.trouble(TOO_MANY_PARTS)
                break
            dashes = at + (raw[at : at + 1] == b"\n")
            after = dashes + len(needle)
            stop = raw.find(b"\n", after, end)
            stop = end if stop < 0 else stop
            rest = raw[after : min(stop, after + 80)].strip()
            if rest in (b"", b"--") and stop - after <= 80:
                cut = at - (at > start and raw[at - 1 : at] == b"\r")
                found.append((cut, min(stop + 1, end), rest == b"--"))
            at = raw.find(b"\n" + needle, max(stop, at + 1), end)
        return found

    def headers(self, start: int, end: int) -> tuple[list[tuple[str, bytes]], int]:
        """The headers of the part at `start`, and where its body begins."""
        block_end, body = _header_block(self.raw, start, end)
        limit = min(MAX_HEADER_BYTES, MAX_ALL_HEADER_BYTES - self.header_bytes)
        if block_end - start > limit:
            self.trouble(TOO_MANY_HEADERS)
            # Cut between lines: half a header would pass for the first words of the text.
            whole = self.raw.rfind(b"\n", start, start + max(limit, 0))
            block_end = whole + 1 if whole >= 0 else start + max(limit, 0)
        self.header_bytes += block_end - start
        lines = self.raw[start:block_end].split(b"\n")
        headers, used = _unfold(lines)
        if len(headers) > MAX_HEADERS:
            self.trouble(TOO_MANY_HEADERS)
            headers = headers[:MAX_HEADERS]
        if used is not None:
            body = start + used
        return headers, min(body, end)


def _header_block(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the headers end and the body begins: at the first empty line."""
    if raw.startswith(b"\n", start, end):
        return start, start + 1
    if raw.startswith(b"\r\n", start, end):
        return start, start + 2
    plain = raw.find(b"\n\n", start, end)
    crlf = raw.find(b"\n\r\n", start, plain if plain >= 0 else end)
    if crlf >= 0:
        return crlf + 1, crlf + 3
    if plain >= 0:
        return plain + 1, plain + 2
    return end, end


def _unfold(lines: list[bytes]) -> tuple[list[tuple[str, bytes]], int | None]:
    """Headers of these lines; and the offset of the first line that is none, if there is one.

    Such a line begins the body: some programs forget the empty line, and their words must
    not be lost.
    """
    found: list[tuple[str, list[bytes]]] = []
    offset = 0
    for at, line in enumerate(lines):
        if found and (line[:1] in (b" ", b"\t") or _is_parameter(line, found[-1][1][-1])):
            found[-1][1].append(line.strip())
        elif line.strip() and not _is_mbox_line(line):
            name, colon, value = line.partition(b":")
            name = name.rstrip(b" \t")
            if not colon or not _is_header_name(name):
                if not _goes_on(lines[at + 1 : at + 2], found):
                    return _joined(found), offset
                offset += len(line) + 1
                continue
            if len(found) <= MAX_HEADERS:  # one more than is kept: that there were more shows
                found.append((name.decode("ascii").lower(), [value.strip()]))
        offset += len(line) + 1
    return _joined(found), None


def _is_parameter(line: bytes, above: bytes) -> bool:
    """`boundary=…` on a line of its own, that somebody forgot to indent."""
    if not above.endswith(b";") and not line.startswith(b";"):
        return False
    name, equals, _value = line.strip(b"; \t").partition(b"=")
    return bool(equals) and name.strip(b"* ").lower() in _PARAMETERS


def _goes_on(below: list[bytes], found: list[tuple[str, list[bytes]]]) -> bool:
    """Whether the headers go on below a line that is none: with one that was missing so far."""
    name = below[0].partition(b":")[0].strip().lower() if below else b""
    return name in _COMMON and all(header.encode() != name for header, _pieces in found[:100])


def _joined(found: list[tuple[str, list[bytes]]]) -> list[tuple[str, bytes]]:
    return [(name, b" ".join(pieces)) for name, pieces in found]


def _is_header_name(name: bytes) -> bool:
    return 0 < len(name) <= 200 and all(32 < byte < 127 for byte in name)


def _first(headers: list[tuple[str, bytes]], name: str) -> bytes:
    return next((value for header, value in headers if header == name), b"")


def _skip_mbox_line(raw: bytes) -> int:
    """Pass over empty lines and the `From ` line that mbox files and pipes put on top."""
    start = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    while raw.startswith((b"\r", b"\n"), start):
        start += 1
    stop = raw.find(b"\n", start)
    stop = len(raw) if stop < 0 else stop
    if _is_mbox_line(raw[start:stop]):
        return min(stop + 1, len(raw))
    return start


def _is_mbox_line(line: bytes) -> bool:
    """`From ida@example.org Mon Mar …`, and not the header `From : …`."""
    return line.startswith((b"From ", b">From ")) and not line[5:].lstrip().startswith(b":")


def _decode_transfer(encoded: bytes, encoding: str) -> bytes:
    encoding = encoding.replace("_", "-")
    if encoding in ("base64", "b", "base-64"):
        return _decode_base64(encoded)
    if encoding in ("quoted-printable", "quotedprintable", "qp", "q"):
        return binascii.a2b_qp(_without_spaces_at_ends(encoded))
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _decode_uu(encoded)
    return encoded


_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_POINTS = set(b"-_.,:!?@()'\"")
_NOT_BASE64 = bytes(byte for byte in range(256) if byte not in _BASE64)


def _decode_base64(encoded: bytes) -> bytes:
    """Decode what is there: stray characters are passed over, and a missing end is forgiven."""
    coded, footer = _apart(encoded)
    if footer:
        return _decode_base64(coded) + b"\n\n" + footer
    if _is_prose(encoded):
        return encoded
    padding = encoded.find(b"=")
    tail = encoded[padding:].strip(b"=\r\n\t ") if padding >= 0 else b""
    if b" " in tail and b"\n" in encoded[padding:] and set(tail) & _POINTS:
        # Somebody put a footer below what was encoded.
        return _decode_base64(encoded[:padding]) + b"\n\n" + tail
    whole = encoded.translate(None, _NOT_BASE64).rstrip(b"=")
    if b"=" not in whole:
        return _decode_run(whole)
    # Some programs encode piece by piece and leave the padding in the middle.
    return b"".join(_decode_run(run) for run in whole.split(b"="))


def _apart(encoded: bytes) -> tuple[bytes, bytes]:
    """What was encoded, and the words that somebody put below it after an empty line."""
    above, _empty, below = encoded.replace(b"\r", b"").strip().partition(b"\n\n")
    whole = above.translate(None, b"\n ")
    sure = len(whole) >= 16 and len(whole) % 4 == 0 and not whole.translate(None, _BASE64)
    return (above, below) if sure and below.strip() and _is_prose(below) else (encoded, b"")


def _is_prose(encoded: bytes) -> bool:
    """Whether words stand here as they are, whatever the header says of them."""
    start = encoded[:4_000].strip()
    spaces = start.count(b" ")
    odd = len(start) - len(start.translate(None, _NOT_BASE64)) - len(start.split(b"\n")) + 1
    odd -= start.count(b"\r")
    return spaces > 1 and odd > spaces and odd * 12 > len(start)


def _without_spaces_at_ends(encoded: bytes) -> bytes:
    """A soft line break counts though spaces were put behind it on the way."""
    if b"= " not in encoded and b"=\t" not in encoded:
        return encoded
    lines = encoded.split(b"\n")
    return b"\n".join(line.rstrip() if line.rstrip().endswith(b"=") else line for line in lines)


def _decode_run(run: bytes) -> bytes:
    spare = len(run) % 4
    run = run[:-1] if spare == 1 else run + b"=" * (-spare % 4)
    return binascii.a2b_base64(run)


def _decode_uu(encoded: bytes) -> bytes:
    out: list[bytes] = []
    begun = False
    for line in encoded.splitlines():
        if not begun:
            begun = line.startswith(b"begin ")
        elif line.strip() == b"end":
            break
        else:
            try:
                out.append(binascii.a2b_uu(line))
            except binascii.Error:
                continue
    return b"".join(out) if begun else encoded
