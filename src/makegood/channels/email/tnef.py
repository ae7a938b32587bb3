"""`winmail.dat`: what Outlook wraps a mail and its files into (MS-OXTNEF), read within bounds.

Every length is checked against what is left, and nothing is read twice.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from .charsets import clean_text, decode
from .rtf import text_of_rtf, unpacked

SIGNATURE = b"\x78\x9f\x3e\x22"
MAX_FILES = 200
_MAX_PROPERTIES = 5_000
_HEADER = struct.Struct("<BII")

_TITLE, _DATA, _RENDER, _PROPERTIES = 0x8010, 0x800F, 0x9002, 0x9005
_BODY, _MESSAGE_PROPERTIES, _CODEPAGE = 0x800C, 0x9003, 0x9007
_LONG_NAME, _NAME, _MIME, _CONTENT_ID, _BINARY = 0x3707, 0x3704, 0x370E, 0x3712, 0x3701
_PLAIN, _RTF, _HTML, _SUBJECT = 0x1000, 0x1009, 0x1013, 0x0037
# Sizes of the kinds of MAPI values that are not counted by a length of their own.
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}
_COUNTED = {13, 30, 31, 258}


@dataclass(slots=True)
class TnefFile:
    """One file inside."""

    name: str = ""
    kind: str = ""
    cid: str = ""
    content: bytes = b""


@dataclass(slots=True)
class Tnef:
    """What was wrapped up: words and files."""

    text: str = ""
    html: str = ""
    files: list[TnefFile] = field(default_factory=list)


def read_tnef(data: bytes) -> Tnef | None:
    """Unwrap; None where it is none at all."""
    if not data.startswith(SIGNATURE):
        return None
    found = Tnef()
    charset = "cp1252"
    for name, value in _attributes(data):
        if name == _CODEPAGE and len(value) >= 4:
            charset = f"cp{int.from_bytes(value[:4], 'little')}"
        elif name == _BODY:
            found.text = found.text or _words(value, charset)
        elif name == _MESSAGE_PROPERTIES:
            _take_message(found, value, charset)
        elif name == _RENDER:
            if len(found.files) >= MAX_FILES:
                break
            found.files.append(TnefFile())
        elif found.files:
            _take_file(found.files[-1], name, value, charset)
    return found


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    while at + _HEADER.size + 2 <= len(data):
        _level, tag, length = _HEADER.unpack_from(data, at)
        at += _HEADER.size
        if length > len(data) - at:
            # Cut off: what is there is worth having.
            yield tag & 0xFFFF, data[at:]
            return
        yield tag & 0xFFFF, data[at : at + length]
        at += length + 2


def _take_file(file: TnefFile, name: int, value: bytes, charset: str) -> None:
    if name == _TITLE:
        file.name = file.name or _words(value, charset)
    elif name == _DATA:
        file.content = value
    elif name == _PROPERTIES:
        for key, kind, each in _mapi(value):
            if key == _LONG_NAME:
                file.name = _string(each, kind, charset)
            elif key == _NAME:
                file.name = file.name or _string(each, kind, charset)
            elif key == _MIME:
                file.kind = _string(each, kind, charset).lower()
            elif key == _CONTENT_ID:
                file.cid = _string(each, kind, charset).strip("<> ")
            elif key == _BINARY and not file.content:
                # An object begins with the sixteen bytes that say of which kind it is.
                file.content = each[16:] if kind == 13 else each


def _take_message(found: Tnef, value: bytes, charset: str) -> None:
    for key, kind, each in _mapi(value):
        if key == _PLAIN:
            found.text = _string(each, kind, charset) or found.text
        elif key == _HTML:
            found.html = decode(each, charset) if kind == 258 else _string(each, kind, charset)
        elif key == _RTF and not found.text:
            found.text = text_of_rtf(unpacked(each))


def _mapi(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(name, kind, value) of each property; stops at the first that cannot be."""
    if len(data) < 4:
        return
    count = int.from_bytes(data[:4], "little")
    at = 4
    for _property in range(min(count, _MAX_PROPERTIES)):
        if at + 4 > len(data):
            return
        kind, key = struct.unpack_from("<HH", data, at)
        at += 4
        if key >= 0x8000:
            at = _past_name(data, at)
        many = bool(kind & 0x1000)
        kind &= 0xFFF
        if kind in _FIXED and not many:
            yield key, kind, data[at : at + _FIXED[kind]]
            at += _FIXED[kind]
        elif kind in _COUNTED or many:
            if at + 4 > len(data):
                return
            values = int.from_bytes(data[at : at + 4], "little")
            at += 4
            for _value in range(min(values, _MAX_PROPERTIES)):
                length = _FIXED.get(kind)
                if length is None:
                    if at + 4 > len(data):
                        return
                    length = int.from_bytes(data[at : at + 4], "little")
                    at += 4
                if length > len(data) - at:
                    return
                yield key, kind, data[at : at + length]
                at += length + -length % 4
        else:
            return


def _past_name(data: bytes, at: int) -> int:
    """Named properties carry their name: a number, or a string of its own length."""
    is_string = data[at + 16 : at + 20] == b"\x01\x00\x00\x00"
    at += 20
    if not is_string:
        return at + 4
    length = int.from_bytes(data[at : at + 4], "little")
    return at + 4 + length + -length % 4


def _string(value: bytes, kind: int, charset: str) -> str:
    if kind == 31:
        return clean_text(value.decode("utf-16-le", "replace")).strip("\0")
    return _words(value, charset)


def _words(value: bytes, charset: str) -> str:
    return clean_text(decode(value.rstrip(b"\0"), charset))
