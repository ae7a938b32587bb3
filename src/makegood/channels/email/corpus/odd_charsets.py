"""Text in charsets that nobody names, or that are named wrongly."""

import base64
from collections.abc import Iterator
from typing import Any

from .case import Case
from .odd_parts import HEAD, Made, packed


def odd_charsets() -> Iterator[Case]:
    """Every charset under a wrong name."""
    for group, cases in (
        ("charset", _charsets()),
        ("charset", _wide()),
        ("charset", _pages()),
    ):
        for name, raw, expected in cases:
            yield Case(f"{group}-{name}", HEAD + raw, expected, ("part", group))


def _said(text: str, codec: str, label: str) -> tuple[bytes, dict[str, Any]]:
    kind = f"text/plain; charset={label}".encode() if label else b"text/plain"
    return packed(b"8bit", text.encode(codec), kind), {"reply": text}


def _charsets() -> Made:
    lamp = "Die „Größe“ – 30 €"
    for label in ("iso-8859-1", "us-ascii", "utf-8", "x-unknown", "", "ansi", "iso-8859-15"):
        yield f"cp1252-as-{label or 'nothing'}", *_said(lamp, "cp1252", label)
    for label in ("iso-8859-1", "us-ascii", "windows-1252", "x-unknown", "", "utf8", "UTF_8"):
        yield f"utf-8-as-{label or 'nothing'}", *_said(lamp, "utf-8", label)
    chinese = "镕先生您好，我的灯不亮了，请问什么时候能换"
    for label in ("gb2312", "gbk", "GB18030", "cp936", "x-gbk", "", "us-ascii", "iso-8859-1"):
        yield f"gb18030-as-{label or 'nothing'}", *_said(chinese, "gb18030", label)
    kana = "こんにちは。ﾗﾝﾌﾟが壊れています①髙"
    for label in ("shift_jis", "windows-31j", "cp932", "x-sjis", "ms932", ""):
        yield f"sjis-as-{label or 'nothing'}", *_said(kana, "cp932", label)
    jis = b"\x1b$B$3$s$K$A$O\x1b(I7@\x1b$B-!\x1b(B"
    for label in (
        "iso-2022-jp",
        "ISO-2022-JP-1",
        "iso-2022-jp-ms",
        "cp50220",
        "CP50221",
        "",
        "us-ascii",
    ):
        kind = f"text/plain; charset={label}".encode() if label else b"text/plain"
        yield (
            f"jis-as-{label or 'nothing'}",
            packed(b"7bit", jis, kind),
            {"has": ["こんにちは", "①"]},
        )
    korean = "안녕하세요. 똠방 램프가 고장났습니다. 감사합니다"
    for label in ("euc-kr", "ks_c_5601-1987", "ksc5601", "windows-949", "", "iso-8859-1"):
        yield f"cp949-as-{label or 'nothing'}", *_said(korean, "cp949", label)
    russian = "Здравствуйте! Моя лампа не работает, помогите пожалуйста"
    for codec in ("koi8-r", "cp1251", "cp866", "iso8859-5"):
        for label in ("", "us-ascii", "iso-8859-1", "windows-1252", "x-unknown", "utf-8"):
            yield f"{codec}-as-{label or 'nothing'}", *_said(russian, codec, label)


def _wide() -> Made:
    lamp = "Die „Größe“ – 30 €"
    for label in ("utf-16", "utf-16le", "utf-16be", "unicode", "ucs-2"):
        codec = {"utf-16be": "utf-16-be", "utf-16": "utf-16"}.get(label, "utf-16-le")
        body = base64.encodebytes(lamp.encode(codec))
        yield (
            f"{label}-body",
            packed(b"base64", body, b"text/plain; charset=" + label.encode()),
            {"reply": lamp},
        )
    body = base64.encodebytes(lamp.encode("utf-16"))
    yield "utf-16-unsaid", packed(b"base64", body, b"text/plain"), {"reply": lamp}
    yield (
        "utf-16-without-mark",
        packed(b"base64", base64.encodebytes(lamp.encode("utf-16-le")), b"text/plain"),
        {"reply": lamp},
    )
    yield "utf-16-said-and-utf-8", *_said(lamp, "utf-8", "utf-16")
    yield (
        "utf-7-plus",
        packed(b"7bit", b"Gr+APYA3w-e +- more", b"text/plain; charset=utf-7"),
        {"reply": "Größe + more"},
    )
    yield "utf-7-unsaid", packed(b"7bit", b"Gr+APYA3w-e", b"text/plain"), {"reply": "Gr+APYA3w-e"}
    yield (
        "utf-7-broken",
        packed(b"7bit", b"Gr+APYA!w-e words", b"text/plain; charset=utf-7"),
        {"has": ["words"]},
    )
    yield (
        "utf-8-cut",
        packed(b"8bit", "Größe €".encode()[:-1], b"text/plain; charset=utf-8"),
        {"has": ["Größe"]},
    )


def _pages() -> Made:
    yield (
        "utf-8-twice",
        packed(b"8bit", b"Gr\xc3\xb6\xc3\x9fe \xff words", b"text/plain"),
        {"has": ["Größe", "words"]},
    )
    page = "<html><head><meta charset=windows-1251></head><body><p>Моя лампа</p></body></html>"
    yield (
        "only-in-html",
        packed(b"8bit", page.encode("cp1251"), b"text/html"),
        {"reply": "Моя лампа"},
    )
    page = '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2"><p>Żółta lampa'
    yield (
        "only-in-html-old",
        packed(b"8bit", page.encode("iso8859-2"), b"text/html"),
        {"reply": "Żółta lampa"},
    )
    for text, codec in (
        ("Lampa nie świeci, proszę o pomoc, żółty klosz pękł", "cp1250"),
        ("Prosím o novou lampu, příliš bliká, děkuji předem", "cp1250"),
        ("Lambam çalışmıyor, lütfen değiştirin, teşekkürler", "cp1254"),
        ("Η λάμπα μου δεν λειτουργεί, ευχαριστώ", "cp1253"),
        ("המנורה שלי לא עובדת, תודה רבה לכם", "cp1255"),
        ("المصباح لا يعمل، شكرا جزيلا لكم", "cp1256"),
    ):
        yield f"{codec}-said-{len(text)}", *_said(text, codec, "windows-" + codec[2:])
