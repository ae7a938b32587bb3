"""What was wrapped up inside a text or a file: uuencoded files, PGP armour, signed S/MIME."""

import binascii
from dataclasses import dataclass, field

MAX_INSIDE = 100
_BEGIN_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_BEGIN_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_END_SIGNATURE = "-----END PGP SIGNATURE-----"
_BEGIN_MESSAGE = "-----BEGIN PGP MESSAGE-----"
_MAX_DEPTH = 12


@dataclass(slots=True)
class Unwrapped:
    """A text without what was wrapped up in it, and that."""

    text: str
    files: list[tuple[str, bytes]] = field(default_factory=list)
    is_signed: bool = False
    is_encrypted: bool = False


def unwrap(text: str) -> Unwrapped:
    """Take files and armour out of a text."""
    found = Unwrapped(text)
    if "\nend" in text and "begin " in text:
        _take_uuencoded(found)
    if _BEGIN_SIGNED in found.text:
        _take_signature(found)
    found.is_encrypted = found.text.lstrip().startswith(_BEGIN_MESSAGE)
    return found


def take_yenc(body: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """Take files out that were written as news readers do (yEnc): bytes, so before all else."""
    files: list[tuple[str, bytes]] = []
    if b"=ybegin " not in body or b"=yend" not in body:
        return body, files
    kept: list[bytes] = []
    inside: list[bytes] | None = None
    name = ""
    for line in body.split(b"\n"):
        if inside is None and line.startswith(b"=ybegin ") and len(files) < MAX_INSIDE:
            inside = []
            name = line.partition(b" name=")[2].decode("utf-8", "replace").strip()
        elif inside is not None and line.startswith(b"=yend"):
            files.append((name, _yenc_decoded(b"".join(inside))))
            inside = None
        elif inside is None:
            kept.append(line)
        elif not line.startswith(b"=ypart "):
            inside.append(line.rstrip(b"\r"))
    return (body, []) if inside is not None else (b"\n".join(kept), files)


_DOWN = bytes((byte - 42) % 256 for byte in range(256))


def _yenc_decoded(data: bytes) -> bytes:
    first, *rest = data.split(b"=")
    marked = (bytes([(piece[0] - 64) % 256]) + piece[1:] for piece in rest if piece)
    return b"".join([first, *marked]).translate(_DOWN)


def _take_uuencoded(found: Unwrapped) -> None:
    kept: list[str] = []
    begun = -1
    name = ""
    lines = found.text.split("\n")
    for i, line in enumerate(lines):
        if begun < 0 and _begins_file(line) and len(found.files) < MAX_INSIDE:
            begun, name = i, line.split(" ", 2)[2].strip()
        elif begun >= 0 and line.strip() == "end":
            content = _uudecoded(lines[begun + 1 : i])
            if content:
                found.files.append((name, content))
            else:
                kept += lines[begun : i + 1]
            begun = -1
        elif begun < 0:
            kept.append(line)
    found.text = "\n".join(kept + (lines[begun:] if begun >= 0 else []))


def _begins_file(line: str) -> bool:
    words = line.split(" ", 2)
    return len(words) == 3 and words[0] == "begin" and words[1].isdigit() and len(words[1]) <= 4


def _uudecoded(lines: list[str]) -> bytes:
    out: list[bytes] = []
    for line in lines:
        try:
            out.append(binascii.a2b_uu(line.encode("ascii", "replace")))
        except binascii.Error:
            if len(line) > 65:
                return b""
    return b"".join(out)


def _take_signature(found: Unwrapped) -> None:
    """A text signed in clear: its words as they were written, its signature as a file."""
    before, _mark, rest = found.text.partition(_BEGIN_SIGNED)
    body, mark, after = rest.partition(_BEGIN_SIGNATURE)
    if not mark:
        return
    armour, _end, below = after.partition(_END_SIGNATURE)
    _hashes, blank, words = body.partition("\n\n")
    said = words if blank else body
    freed = [line.removeprefix("- ") for line in said.split("\n")]
    found.text = "\n".join([before.rstrip("\n"), *freed, below]).strip("\n")
    signature = f"{_BEGIN_SIGNATURE}{armour}{_END_SIGNATURE}\n"
    found.files.append(("signature.asc", signature.encode()))
    found.is_signed = True


def signed_content(data: bytes) -> bytes | None:
    """The mail inside a signed S/MIME envelope (RFC 5652), without judging its signature."""
    found: list[bytes] = []
    _walk(data, 0, len(data), found, 0)
    return max(found, key=len) if found else None


_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_DATA = bytes.fromhex("2a864886f70d010701")


def _walk(data: bytes, at: int, end: int, found: list[bytes], depth: int) -> int:
    """Read elements one after the other; gather the octets that follow the word for `data`."""
    after_data = False
    while at + 2 <= end and len(found) < MAX_INSIDE:
        tag = data[at]
        start, stop = _span(data, at, end)
        if start < 0:
            return end
        if tag == 0 and start == stop:
            return start
        if tag == 6:
            after_data = data[start:stop] == _DATA
            if depth <= 2 and not after_data and data[start:stop] != _SIGNED_DATA:
                return end
            at = stop
        elif tag == 0xA0 and after_data:
            content, at = _octets(data, start, stop, 0)
            found.append(content)
            after_data = False
        elif tag & 0x20 and depth < _MAX_DEPTH and not found:
            closed = _walk(data, start, stop, found, depth + 1)
            at = closed if data[at + 1] == 0x80 else stop
        else:
            at = stop
    return at


def _octets(data: bytes, at: int, end: int, depth: int) -> tuple[bytes, int]:
    """The octets that stand here, whole or in pieces, and where they end."""
    pieces: list[bytes] = []
    while at + 2 <= end:
        tag = data[at]
        start, stop = _span(data, at, end)
        if start < 0 or tag == 0:
            return b"".join(pieces), end if start < 0 else start
        if tag == 4:
            pieces.append(data[start:stop])
            at = stop
        elif tag == 0x24 and depth < _MAX_DEPTH:
            inner, closed = _octets(data, start, stop, depth + 1)
            pieces.append(inner)
            at = closed if data[at + 1] == 0x80 else stop
        else:
            break
    return b"".join(pieces), at


def _span(data: bytes, at: int, end: int) -> tuple[int, int]:
    """Where the content of the element at `at` begins and ends; (-1, -1) where it cannot be."""
    length = data[at + 1]
    start = at + 2
    if length == 0x80:
        return start, end
    if length > 0x80:
        count = length & 0x7F
        if count > 4 or start + count > end:
            return -1, -1
        length = int.from_bytes(data[start : start + count], "big")
        start += count
    stop = start + length
    return (start, min(stop, end)) if start <= end else (-1, -1)
