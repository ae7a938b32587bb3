"""Which charset bytes are in that do not say so: by the letters that each would show most.

Only asked for bytes that are no UTF-8. Few letters decide: the commonest of each language.
"""

MAX_LOOKED_AT = 20_000
_LEAST_SIGNS = 4
_LEAST_SHARE = 0.3
_NEEDED = 0.3

_RUSSIAN = "оеаинтсрвлкмдпуяыьгзбчйО"
_CHINESE = (
    "的一是不了在人有我他这个们中来上大为和国你好请谢您单货订灯吗能到什么时候收发问题没"
    "，。？！：、要已经换新可以时间用会也就还把给很都说"
)
_TAIWANESE = (
    "的一是不了在人有我他這個們中來上大為和國你好請謝您單貨訂燈嗎能到什麼時候收發問題沒"
    "，。？！：、要已經換新可以時間用會也就還把給很都說"
)
_KOREAN = "이다는에을의가고하지로한은사도를기어요니습안녕세주문언제서있감합해시면아자나"
_GUESSES: tuple[tuple[str, frozenset[str]], ...] = (
    ("cp1251", frozenset(_RUSSIAN)),
    ("koi8-r", frozenset(_RUSSIAN)),
    ("cp866", frozenset(_RUSSIAN)),
    ("iso8859-5", frozenset(_RUSSIAN)),
    ("cp1253", frozenset("αεοιτνσρκπυηλάίόςμ")),
    ("cp1255", frozenset("יוהלאתרמבשנדםחקע")),
    ("cp1256", frozenset("اليمنوترةبدسعفكح")),
    ("cp932", frozenset(map(chr, (*range(0x3041, 0x3094), *range(0x30A1, 0x30FB), 0x3002)))),
    ("euc-jp", frozenset(map(chr, (*range(0x3041, 0x3094), *range(0x30A1, 0x30FB), 0x3002)))),
    ("gb18030", frozenset(_CHINESE)),
    ("big5hkscs", frozenset(_TAIWANESE)),
    ("cp949", frozenset(_KOREAN)),
)


def likely_codec(data: bytes) -> str:
    """The codec by which these bytes read best; nothing where none stands out."""
    data = data[:MAX_LOOKED_AT]
    high = len(data.translate(None, _ASCII))
    if high < _LEAST_SIGNS or high < _LEAST_SHARE * len(data.replace(b" ", b"")):
        return ""
    best, best_score = "", _NEEDED
    for codec, common in _GUESSES:
        score = _score(data, codec, common)
        if score > best_score:
            best, best_score = codec, score
    return best


_ASCII = bytes(range(128))


def _score(data: bytes, codec: str, common: frozenset[str]) -> float:
    """The share of common letters among the signs beyond ASCII; less where it does not decode."""
    text = data.decode(codec, "replace")
    signs = [char for char in text if char > "\x7f"]
    if not signs:
        return 0.0
    wrong = sum(char == "\ufffd" for char in signs)
    if wrong > max(1, len(signs) // 50):
        return 0.0
    return sum(char in common for char in signs) / len(signs)
