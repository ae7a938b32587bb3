"""What stands below the words of a mail without being words: signatures, small print, footers."""

from collections.abc import Sequence

from .introductions import plain
from .languages import LANGUAGES, MOBILE_ENDS, MOBILE_STARTS
from .phrases import BEFOREHAND, DEVICES, FOOTERS, GUARDS, PRINTS, SPARES

_SIGNATURE_LINES = 15
_LOOSE_LINES = 10
_FOOTER_LINES = 12
_PRINT_PARAGRAPHS = 8


def without_mobile_line(lines: Sequence[str]) -> int:
    """Where “Sent from my phone”, or a virus scanner's boast, begins at the end."""
    at = end = _without_blank(lines, len(lines))
    while at and end - at < 4 and _is_mobile(lines[at - 1]):
        at = _without_blank(lines, at - 1)
    return len(lines) if at == end else _first_words(lines, at)


def _is_mobile(line: str) -> bool:
    words = plain(line[:300]).strip("*_-—– []|").lower()
    if "//aka.ms/" in words and "outlook" in words and len(words) < 160:
        return True
    words = _without_link(words)
    if not words or len(words) > 160:
        return False
    if any(guard in words for guard in GUARDS):
        return True
    spaced = f" {words}".replace("<", " ").replace("(", " ").replace("[", " ").replace("-", " ")
    glued = any(char > "\u2e80" for char in words)
    if words.endswith(("?", "!")) or not any(
        f" {device}" in spaced or ((glued or device[0] > "\u0590") and device in words)
        for device in DEVICES
    ):
        return False
    bare = words.rstrip(" .。")
    return words.startswith(MOBILE_STARTS) or (len(bare) <= 60 and bare.endswith(MOBILE_ENDS))


def _without_link(words: str) -> str:
    """`Sent from Mail (https://…) for Windows` as it is seen."""
    for opens, closes in (("(http", ")"), ("<http", ">")):
        before, found, rest = words.partition(opens)
        if found:
            words = " ".join(f"{before} {rest.partition(closes)[2]}".split())
    return words


def signature(lines: Sequence[str]) -> int:
    """Where the signature begins that a line of dashes announces; the end where none does."""
    end = _without_blank(lines, len(lines))
    for i in range(end - 1, max(-1, end - 1 - 2 * _SIGNATURE_LINES), -1):
        line = lines[i].rstrip("\r")
        if line == "-- " and end - i <= 2 * _SIGNATURE_LINES:
            return i
        if line.strip() in ("--", "–", "—", "__", "—-", "–-") and _is_like_a_signature(
            lines[i + 1 : end]
        ):
            return i
    return len(lines)


def _is_like_a_signature(lines: Sequence[str]) -> bool:
    """Short lines that ask nothing: some people draw a line and go on writing."""
    filled = [line for line in lines if line.strip()]
    if filled and filled[0].strip()[:1].islower() and len(filled[0].split()) > 2:
        return False
    return len(filled) <= _LOOSE_LINES and not any(
        len(line) > 90 or line.rstrip().endswith(("?", "？", "؟")) for line in filled
    )


def small_print(lines: Sequence[str]) -> int:
    """Where the disclaimers at the end begin."""
    at = end = _without_blank(lines, len(lines))
    for _paragraph in range(_PRINT_PARAGRAPHS):
        begin = _paragraph_above(lines, at)
        if not _is_small_print(" ".join(lines[begin:at])):
            break
        at = _without_blank(lines, begin)
        end = begin
        if at == 0:
            break
    return end if end < _without_blank(lines, len(lines)) else len(lines)


def _is_small_print(paragraph: str) -> bool:
    words = plain(paragraph[:6_000]).lower()
    if (
        len(words) < 240
        and not words.endswith(("?", "？", "؟"))
        and all(any(each in words for each in some) for some in (PRINTS, SPARES, BEFOREHAND))
    ):
        return True
    if len(words) < 60 and not any(ord(char) > 0x2E80 for char in words[:20]):
        bare = words.strip("*_-—=: ")
        return bare in ("disclaimer", "confidentiality notice") or (not bare and len(words) >= 5)
    for known in LANGUAGES.values():
        core = known["disclaimer"][: 5 if "confidential" in known["disclaimer"] else 1]
        hits = sum(word in words for word in known["disclaimer"])
        if hits >= 5 or (hits >= 3 and any(word in words for word in core)):
            return True
    return False


def footer(lines: Sequence[str]) -> int:
    """Where the footer of a mailing list begins, below a line drawn across."""
    end = _without_blank(lines, len(lines))
    for i in range(end - 1, max(-1, end - 1 - _FOOTER_LINES), -1):
        words = lines[i].strip()
        if words.startswith(("___", "---", "===", "-~-")) and not words.strip("-_=~ "):
            below = "\n".join(lines[i + 1 : end])[:3_000].lower()
            if len(words) >= 3 and any(sign in below for sign in FOOTERS):
                return i
    return len(lines)


def _paragraph_above(lines: Sequence[str], end: int) -> int:
    at = end
    while at and lines[at - 1].strip():
        at -= 1
    return at


def _without_blank(lines: Sequence[str], end: int) -> int:
    while end and not lines[end - 1].strip():
        end -= 1
    return end


def _first_words(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at
