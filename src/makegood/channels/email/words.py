"""Encoded words in headers (RFC 2047), as they should be and as they are."""

import binascii

from .charsets import clean_text, decode

_LONGEST = 4_000
"""An encoded word may have 75 characters; programs write longer ones."""
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def decode_words(header: bytes) -> str:
    """A header's text. Never fails: what is no encoded word stays as it was written."""
    if b"=?" not in header:
        return clean_text(decode(header)).strip()
    out: list[str] = []
    waiting: list[tuple[str, bytes]] = []
    at = 0
    while True:
        begin = header.find(b"=?", at)
        found = _word(header, begin) if begin >= 0 else None
        if begin >= 0 and found is None:
            plain, after = header[at : begin + 2], begin + 2
        else:
            plain, after = header[at : begin if begin >= 0 else None], at
        # White space between two encoded words is not part of the text.
        if plain.strip() or found is None:
            out.append(_joined(waiting))
            waiting = []
            out.append(decode(plain))
        elif not waiting:
            out.append(decode(plain))
        if begin < 0:
            return clean_text("".join(out)).strip()
        if found:
            charset, data, after = found
            waiting.append((charset, data))
        at = after


def end_of_word(header: bytes, begin: int) -> int:
    """Where the encoded word ends that begins here; `begin` itself where none does."""
    found = _word(header, begin) if header.startswith(b"=?", begin) else None
    return found[2] if found else begin


def _word(header: bytes, begin: int) -> tuple[str, bytes, int] | None:
    """(charset, bytes, where it ends) of the encoded word that begins here, if one does."""
    limit = begin + _LONGEST
    first = header.find(b"?", begin + 2, begin + 60)
    if first < 0 or header[first + 2 : first + 3] != b"?":
        return None
    encoding = header[first + 1 : first + 2].upper()
    # In Q the text may itself begin with `=`, so that `?=` comes right after the second mark.
    end = header.find(b"?=", first + 3, limit)
    if end < 0 or encoding not in (b"B", b"Q"):
        return None
    text = header[first + 3 : end]
    charset = header[begin + 2 : first].partition(b"*")[0].decode("ascii", "replace")
    data = _base64(text) if encoding == b"B" else _q(text)
    return charset.lower(), data, end + 2


def _joined(words: list[tuple[str, bytes]]) -> str:
    """Neighbours in one charset are decoded together: a character may be split between them."""
    out: list[str] = []
    gathered: list[bytes] = []
    for index, (charset, data) in enumerate(words):
        gathered.append(data)
        if index + 1 == len(words) or words[index + 1][0] != charset:
            out.append(decode(b"".join(gathered), charset))
            gathered = []
    return "".join(out)


def _q(text: bytes) -> bytes:
    return binascii.a2b_qp(text.replace(b"\n", b""), header=True)


def _base64(text: bytes) -> bytes:
    kept = b"".join(text.split()).rstrip(b"=").translate(_URL_SAFE)
    try:
        return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))
    except binascii.Error:
        try:
            return binascii.a2b_base64(kept[: len(kept) // 4 * 4])
        except binascii.Error:
            return text
