"""Rich text as Outlook sends it: unpacked (MS-OXRTFCP) and told as plain words, in one pass."""

import struct

from .charsets import clean_text, decode

MAX_RTF = 8_000_000
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_SKIPPED = {
    b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer",
    b"htmltag", b"mhtmltag", b"generator", b"themedata", b"listtable", b"datastore", b"xmlnstbl",
}  # fmt: skip
_BREAKS = {b"par": "\n", b"line": "\n", b"tab": "\t", b"row": "\n", b"cell": " ", b"sect": "\n"}
_SIGNS = {
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"endash": "–",
    b"emdash": "—", b"bullet": "•",
}  # fmt: skip


def unpacked(data: bytes) -> bytes:
    """The rich text of a packed one; nothing where it is none."""
    if len(data) < 16:
        return b""
    _packed, size, magic, _sum = struct.unpack_from("<I I 4s I", data)
    if magic == b"MELA":
        return data[16 : 16 + min(size, MAX_RTF)]
    if magic != b"LZFu":
        return b""
    window = bytearray(4096)
    window[: len(_DICTIONARY)] = _DICTIONARY
    write = len(_DICTIONARY)
    out = bytearray()
    at = 16
    limit = min(size, MAX_RTF)
    while at < len(data) and len(out) < limit:
        flags = data[at]
        at += 1
        for bit in range(8):
            if flags & (1 << bit):
                if at + 2 > len(data):
                    return bytes(out)
                pair = (data[at] << 8) | data[at + 1]
                at += 2
                read, length = pair >> 4, (pair & 15) + 2
                if read == write:
                    return bytes(out)
                for _byte in range(length):
                    byte = window[read]
                    out.append(byte)
                    window[write] = byte
                    read, write = (read + 1) % 4096, (write + 1) % 4096
            elif at < len(data):
                byte = data[at]
                at += 1
                out.append(byte)
                window[write] = byte
                write = (write + 1) % 4096
    return bytes(out[:limit])


def text_of_rtf(rtf: bytes) -> str:
    """The words of rich text."""
    return _Teller(rtf[:MAX_RTF]).told()


class _Teller:
    def __init__(self, rtf: bytes) -> None:
        self.rtf = rtf
        self.at = 0
        self.out: list[str] = []
        self.raw = bytearray()
        self.charset = "cp1252"
        self.skips: list[bool] = [False]
        self.drop = 0

    def told(self) -> str:
        rtf = self.rtf
        while self.at < len(rtf):
            byte = rtf[self.at : self.at + 1]
            self.at += 1
            if byte == b"{":
                if len(self.skips) < 10_000:
                    starred = rtf.startswith(b"\\*", self.at)
                    self.skips.append(self.skips[-1] or starred)
            elif byte == b"}":
                if len(self.skips) > 1:
                    self.skips.pop()
            elif byte == b"\\":
                self.control()
            elif byte not in b"\r\n":
                self.take(byte)
        self.flush()
        return clean_text("".join(self.out)).strip()

    def control(self) -> None:
        rtf = self.rtf
        sign = rtf[self.at : self.at + 1]
        if sign == b"'":
            code = rtf[self.at + 1 : self.at + 3]
            self.at += 3
            if all(c in b"0123456789abcdefABCDEF" for c in code) and len(code) == 2:
                self.take(bytes([int(code, 16)]))
            return
        if not sign.isalpha():
            self.at += 1
            if sign in b"\\{}" and sign:
                self.take(sign)
            elif sign == b"~":
                self.say(" ")
            return
        end = self.at
        while end < len(rtf) and end - self.at < 32 and rtf[end : end + 1].isalpha():
            end += 1
        word = rtf[self.at : end]
        begin = end
        if rtf[end : end + 1] == b"-":
            end += 1
        while end < len(rtf) and end - begin < 10 and rtf[end : end + 1].isdigit():
            end += 1
        number = rtf[begin:end]
        self.at = end + (rtf[end : end + 1] == b" ")
        self.obey(word, number)

    def obey(self, word: bytes, number: bytes) -> None:
        if word in _SKIPPED:
            self.skips[-1] = True
        elif word in _BREAKS:
            self.say(_BREAKS[word])
        elif word in _SIGNS:
            self.say(_SIGNS[word])
        elif word == b"ansicpg":
            self.charset = f"cp{number.decode()}"
        elif word == b"u" and number not in (b"", b"-"):
            self.say(chr(int(number) % 0x10000))
            self.drop = 1

    def take(self, byte: bytes) -> None:
        if self.drop:
            # The stand-in for programs that do not know the sign just told.
            self.drop -= 1
        elif not self.skips[-1]:
            self.raw += byte

    def say(self, text: str) -> None:
        if not self.skips[-1]:
            self.flush()
            self.out.append(text)

    def flush(self) -> None:
        if self.raw:
            self.out.append(decode(bytes(self.raw), self.charset))
            self.raw.clear()
