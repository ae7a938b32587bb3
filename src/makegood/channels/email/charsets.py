"""Bytes to text whatever they claim to be, and text that no database and no reader trips over."""

import codecs
import unicodedata

from .japanese import from_jis
from .scripts_of_bytes import MAX_LOOKED_AT, likely_codec

# Only text codecs that decode in linear time. Python's registry also holds `bz2`, `punycode`
# and the like, which a mail must not be able to ask for.
_FAMILIES = {
    "utf-": "8 7 16 16-le 16-be 32 32-le 32-be",
    "iso8859-": "2 3 4 5 6 7 8 9 10 11 13 14 15 16",
    "cp": "437 850 852 855 857 862 866 874 932 949 950",
    "cp125": "0 1 2 3 4 5 6 7 8",
    "koi8-": "r u t",
    "mac-": "roman cyrillic greek turkish latin2",
    "iso2022-": "jp jp-ext kr",
    "": "latin-1 tis-620 gb18030 hz big5hkscs euc-jp johab kz1048 ptcp154",
}
_KNOWN = {family + name for family, names in _FAMILIES.items() for name in names.split()}

_ALIASES = {
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "ansi-x3.4-1968": "utf-8",
    "646": "utf-8",
    "unknown-8bit": "utf-8",
    "x-unknown": "utf-8",
    "default": "utf-8",
    "utf8": "utf-8",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "utf7": "utf-7",
    "utf16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf16le": "utf-16-le",
    "utf16be": "utf-16-be",
    "unicode": "utf-16",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "8859-1": "cp1252",
    "latin1": "cp1252",
    "l1": "cp1252",
    "ansi": "cp1252",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "latin2": "iso8859-2",
    "latin9": "iso8859-15",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "gb-2312-80": "gb18030",
    "chinesebig5": "big5hkscs",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "ms-kanji": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022-jp-ext",
    "iso-2022-jp-ms": "iso2022-jp-ext",
    "iso-2022-kr": "iso2022-kr",
    "eucjp": "euc-jp",
    "x-euc-jp": "euc-jp",
    "ks-c-5601-1987": "cp949",
    "ksc5601": "cp949",
    "euc-kr": "cp949",
    "korean": "cp949",
    "macintosh": "mac-roman",
    "x-mac-roman": "mac-roman",
    "windows-874": "cp874",
    "koi8": "koi8-r",
    "cskoi8r": "koi8-r",
    "koi8-ru": "koi8-u",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-mac-greek": "mac-greek",
    "x-mac-turkish": "mac-turkish",
    "x-mac-ce": "mac-latin2",
    "x-mac-centraleurroman": "mac-latin2",
    "hz-gb-2312": "hz",
    "gb-18030": "gb18030",
    "x-big5": "big5hkscs",
    "csbig5": "big5hkscs",
    "csshiftjis": "cp932",
    "csiso2022jp": "iso2022-jp-ext",
    "iso2022jp": "iso2022-jp-ext",
    "iso-2022-jp-1": "iso2022-jp-ext",
    "iso-2022-jp-2": "iso2022-jp-ext",
    "iso-2022-jp-3": "iso2022-jp-ext",
    "cp50220": "iso2022-jp-ext",
    "cp50221": "iso2022-jp-ext",
    "cp50222": "iso2022-jp-ext",
    "ms932": "cp932",
    "ms936": "gb18030",
    "ms949": "cp949",
    "ms950": "big5hkscs",
    "cseuckr": "cp949",
    "x-windows-949": "cp949",
    "uhc": "cp949",
    "csisolatin1": "cp1252",
    "iso-ir-100": "cp1252",
    "latin5": "iso8859-9",
    "iso-10646-ucs-2": "utf-16",
    "ucs-2": "utf-16",
    "x-user-defined": "cp1252",
    "tis620": "tis-620",
}

_JIS = "iso2022-jp-ext"
_WINDOWS_OF = {
    "latin-1": "cp1252",
    "iso8859-15": "cp1252",
    "iso8859-2": "cp1250",
    "iso8859-7": "cp1253",
    "iso8859-9": "cp1254",
    "iso8859-8": "cp1255",
    "iso8859-6": "cp1256",
    "iso8859-13": "cp1257",
}
_C1 = bytes(range(0x80, 0xA0))
_WESTERN = {"cp1252", "latin-1", "iso8859-15", "utf-8"}


def codec_for(charset: str) -> str:
    """The codec that a charset's name, as mail programs write it, stands for; or nothing."""
    name = charset.strip().strip("\"'").lower().replace("_", "-").replace(" ", "")[:40]
    name = name.partition(";")[0].partition("?")[0].partition(",")[0].strip("\"'")
    name = _ALIASES.get(name, name)
    if name.startswith("windows-"):
        name = "cp" + name.removeprefix("windows-")
    elif name.startswith("iso-8859-"):
        name = "iso8859-" + name.removeprefix("iso-8859-")
    elif name.startswith(("cp-", "x-cp-", "ibm", "dos-", "x-cp", "csibm", "win-", "x-windows-")):
        name = "cp" + name.lstrip("abcdefghijklmnopqrstuvwxyz-")
    elif name.startswith("iso8859"):
        name = "iso8859-" + name.removeprefix("iso8859").strip("-")
    return name if name in _KNOWN else ""


def decode(data: bytes, charset: str = "") -> str:
    """Text of these bytes. The declared charset is a hint: many programs do not know theirs."""
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        boms = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-16"
        return data.decode(boms, "replace")
    codec = _as_used(codec_for(charset) or "utf-8", data)
    tries = ["utf-8", codec] if codec in _WESTERN else [codec, "utf-8"]
    if codec in _WESTERN and not data.isascii() and (guess := likely_codec(data)):
        tries.insert(1, guess)
    if codec in _WESTERN and (damaged := _damaged_utf_8(data)):
        return damaged
    if codec in _WESTERN and b"\x1b$" in data[:MAX_LOOKED_AT]:
        tries.insert(0, _JIS)
    for each in tries:
        try:
            return data.decode(each)
        except (UnicodeDecodeError, ValueError):
            if each == _JIS and b"\x1b" in data:
                return from_jis(data)
    last = "cp1252" if codec in _WESTERN else (likely_codec(data) or codec)
    return data.decode(last, "replace")


def _as_used(codec: str, data: bytes) -> str:
    """The codec that is meant: Windows' signs are sent under the standards' names, and so on."""
    if codec in _WINDOWS_OF and len(data) != len(data.translate(None, _C1)):
        return _WINDOWS_OF[codec]
    wide = data[:MAX_LOOKED_AT]
    zeros = wide.count(0)
    if codec.startswith("utf-16"):
        return codec if zeros or not _is_utf_8(data) else "utf-8"
    if codec in _WESTERN and zeros * 4 > len(wide):
        return "utf-16-le" if wide[1::2].count(0) > wide[::2].count(0) else "utf-16-be"
    return codec


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _damaged_utf_8(data: bytes) -> str:
    """Text that is UTF-8 but for a sign or two; nothing where it is whole, or something else."""
    if data.isascii() or _is_utf_8(data):
        return ""
    text = data.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = sum(char > "\x7f" for char in text) - wrong
    return text if right >= 2 * wrong else ""


def preload() -> None:
    """Load every codec now: the child that reads mail may not open files later."""
    for name in [*_KNOWN, "utf-8-sig"]:
        codecs.lookup(name)


_DROPPED = {code: None for code in range(32) if chr(code) not in "\n\t"}
_DROPPED |= {0x7F: None, 0xFFFE: None, 0xFFFF: None}


def clean_text(text: str) -> str:
    """Text with plain line ends and without NUL, control characters and lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_DROPPED)
    return text.encode("utf-8", "replace").decode("utf-8")


_TURNING = {0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_UNSEEN = {0xAD, 0x200B, 0x2060, 0xFEFF, 0x180E}


def hidden_signs(text: str) -> str:
    """A text whose signs turn it round or are not seen, with these written out; else nothing."""
    if not any(ord(sign) in _TURNING or ord(sign) in _UNSEEN for sign in text):
        return ""
    shown = (
        f"⟨U+{ord(sign):04X}⟩" if ord(sign) in _TURNING or ord(sign) in _UNSEEN else sign
        for sign in text[:200]
    )
    return clean_text("".join(shown)).strip()[:200]


def clean_name(text: str, longest: int = 200, *, is_name: bool = True) -> str:
    """One line fit to stand as somebody's or something's name.

    Compatibility forms are folded and invisible and direction-turning characters taken out,
    so that a name cannot dress up as another; what is no name keeps its full-width signs.
    Cut first: normalising is not linear.
    """
    text = unicodedata.normalize("NFKC" if is_name else "NFC", clean_text(text[: longest * 2]))
    kept = "".join(
        " " if char in "\n\t" else char
        for char in text
        if unicodedata.category(char) not in ("Cf", "Cc", "Cs", "Co", "Cn") or char in "\n\t"
    )
    return " ".join(kept.split())[:longest]
