"""ISO-2022-JP as mail programs write it: with the signs of Windows, and half-width letters."""

_TWO_BYTES = (b"$B", b"$@", b"$(D")


def from_jis(data: bytes) -> str:
    """Text of these bytes by way of Shift JIS, which knows what the standard leaves out."""
    first, *rest = data.split(b"\x1b")
    out = [first.decode("cp932", "replace")]
    for piece in rest:
        mark = next((each for each in _TWO_BYTES if piece.startswith(each)), piece[:2])
        words = piece[len(mark) :]
        if mark in _TWO_BYTES:
            out.append(_pairs(words))
        elif mark == b"(I":
            raised = bytes(byte | 0x80 if 0x20 < byte < 0x60 else byte for byte in words)
            out.append(raised.decode("cp932", "replace"))
        else:
            out.append(words.decode("cp932", "replace"))
    return "".join(out)


def _pairs(words: bytes) -> str:
    """Pairs of JIS X 0208, moved to where Shift JIS has them; a line's end ends them."""
    out = bytearray()
    at = 0
    while at < len(words):
        one = words[at]
        two = words[at + 1] if at + 1 < len(words) else 0
        if not (0x20 < one < 0x7F and 0x20 < two < 0x7F):
            out.append(one)
            at += 1
            continue
        row = (one - 0x21) // 2
        out.append(row + (0x81 if row < 31 else 0xC1))
        out.append(two + (0x1F + (two >= 0x60) if one % 2 else 0x7E))
        at += 2
    return bytes(out).decode("cp932", "replace")
