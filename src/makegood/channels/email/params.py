"""Header values with parameters (`text/plain; charset=utf-8`), RFC 2231 and its misuse included."""

from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from .charsets import decode
from .words import decode_words

MAX_SECTIONS = 200


@dataclass(frozen=True, slots=True)
class Parameters:
    """The main value of a header in lower case, and its named parameters as bytes."""

    value: str
    fields: dict[str, bytes] = field(default_factory=dict)

    def raw(self, name: str) -> bytes:
        """A parameter's bytes, exactly as written."""
        return self.fields.get(name, b"")

    def text(self, name: str) -> str:
        """A parameter as text, whichever of the four ways of writing it was used."""
        extended = self.fields.get(name + "*")
        if extended is not None:
            return _extended(extended)
        sections = self._sections(name)
        if sections:
            return _extended(b"".join(sections), whole="*" in "".join(self._section_names(name)))
        return _without_percents(decode_words(self.fields.get(name, b"")))

    def _section_names(self, name: str) -> list[str]:
        """The suffixes, `0*` or `0`, of a parameter told in sections, in their order."""
        suffixes = [
            key[len(name) + 1 :] for key in self.fields if key.startswith(name + "*") and key[-1:]
        ]
        numbered = [s for s in suffixes if s.rstrip("*").isdecimal() and len(s) <= 5]
        return sorted(numbered, key=lambda s: int(s.rstrip("*")))[:MAX_SECTIONS]

    def _sections(self, name: str) -> list[bytes]:
        return [
            self.fields[f"{name}*{suffix}"]
            if suffix.endswith("*")
            else self.fields[f"{name}*{suffix}"].replace(b"%", b"%25")
            for suffix in self._section_names(name)
        ]


def _without_percents(text: str) -> str:
    """A name in percents though nothing announced it: only where they surely are that."""
    if "%" not in text:
        return text
    try:
        bare = unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        return text
    return bare if " " in bare.replace(text, "") or not bare.isascii() else text


def _extended(value: bytes, *, whole: bool = True) -> str:
    """`charset'language'percent-encoded` as text; without the quotes, just percent-encoded."""
    charset, quote, rest = value.partition(b"'")
    if whole and quote and b"'" in rest and len(charset) <= 40:
        _language, _, value = rest.partition(b"'")
        return decode(unquote_to_bytes(value), charset.decode("ascii", "replace"))
    data = unquote_to_bytes(value)
    return decode_words(data) if b"=?" in data else decode(data)


def parameters(header: bytes) -> Parameters:
    """Read `main; name=value; …` in one pass; quotes, spaces and comments may be anywhere."""
    pieces = _split(header)
    first, begins, behind = pieces[0].strip().partition(b"=")
    if begins and b'"' not in first:
        # The value is missing, or only a space stands before the first parameter.
        first, _space, name = b" ".join(first.split()).rpartition(b" ")
        pieces.insert(1, name + b"=" + behind)
    value = first.decode("ascii", "replace").strip().lower()
    value = value.partition("(")[0].strip().strip('"')
    fields: dict[str, bytes] = {}
    for piece in pieces[1 : 2 * MAX_SECTIONS]:
        name, equals, given = piece.partition(b"=")
        key = name.strip().decode("ascii", "replace").lower()
        if equals and key:
            fields.setdefault(key, _unquote(given.strip()))
    return Parameters(value, fields)


def _split(header: bytes) -> list[bytes]:
    """Cut at semicolons that stand outside quotes."""
    if b'"' not in header:
        return header.split(b";")
    pieces: list[bytes] = []
    begun = at = 0
    quoted = False
    while at < len(header):
        byte = header[at]
        if byte == 0x5C and quoted:
            at += 1
        elif byte == 0x22:
            quoted = not quoted
        elif byte == 0x3B and not quoted:
            pieces.append(header[begun:at])
            begun = at + 1
        at += 1
    # A quote that is never closed must not swallow the parameters after it.
    pieces.extend(header[begun:].split(b";") if quoted else [header[begun:]])
    return pieces


def _unquote(value: bytes) -> bytes:
    if not value.startswith(b'"'):
        return value
    inner = value[1:-1] if len(value) > 1 and value.endswith(b'"') else value[1:]
    if b"\\" not in inner:
        return inner
    # Only quotes and backslashes are undone: Windows programs write paths with bare backslashes.
    marked = inner.replace(b"\\\\", b"\0")
    return marked.replace(b'\\"', b'"').replace(b"\0", b"\\")
