"""Which language a text is in: told by its letters, or by the small words that stand everywhere.

It says nothing unless it is sure: a dozen words, a good part of them of one language, and at
least twice as many as of any other.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from makegood.guard.sheet import Finding, Severity, Sheet
from makegood.guard.speech import COMMON
from makegood.kit.rx import rx

_MOST = 4_000
_FEWEST_WORDS = 8
_FEWEST_LETTERS = 24
_NOT_SPEECH = rx(r"\S*(?:://|@|\d)\S*")
_WORD = rx(r"[\p{L}\p{M}']+")
_SCRIPTS = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "GREEK": "el", "HEBREW": "he",
    "ARABIC": "ar", "CJK": "zh",
}  # fmt: skip
_NEAR = ({"da", "no", "sv"}, {"cs", "sk", "pl"}, {"es", "pt"}, {"ru", "uk"})
"""Languages whose small words are much alike: where both are near, nothing is said."""


def language_of(text: str) -> str:
    """The language of a text (`de`), or nothing where it is not sure."""
    plain = unicodedata.normalize("NFC", _NOT_SPEECH.sub(" ", text[:_MOST]))
    by_letters = _by_script(plain)
    if by_letters is not None:
        return by_letters
    words = [word.lower().strip("'") for word in _WORD.findall(plain)]
    if len(words) < _FEWEST_WORDS:
        return ""
    score = Counter(dict.fromkeys(COMMON, 0))
    for word in words:
        score.update(_spoken_in().get(word, ()))
    (best, most), (_next, second) = score.most_common(2)
    return best if most >= max(4, 0.2 * len(words)) and most >= 2 * second else ""


@cache
def _spoken_in() -> dict[str, list[str]]:
    """By a small word, the languages in which it stands everywhere."""
    found: dict[str, list[str]] = {}
    for language, common in COMMON.items():
        for word in common:
            found.setdefault(word, []).append(language)
    return found


def _by_script(plain: str) -> str | None:
    """By the letters alone; None where they are Latin or Cyrillic, which many share."""
    if plain.isascii():
        return None
    letters = [letter for letter in plain if letter.isalpha()]
    kinds = Counter(_SCRIPTS.get(_script(letter), "") for letter in letters)
    if not letters or kinds[""] > 0.5 * len(letters):
        return None
    if kinds["ja"] > 0.08 * len(letters):
        kinds["ja"] += kinds.pop("zh", 0)
    best, most = kinds.most_common(1)[0]
    few = 6 if best in ("zh", "ja", "ko") else _FEWEST_LETTERS
    return best if best and most >= few and most > 0.7 * len(letters) else ""


@lru_cache(maxsize=4_000)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0]


def are_near(one: str, other: str) -> bool:
    return one == other or any(one in near and other in near for near in _NEAR)


def _name_of(language: str) -> str:
    code = {"zh": "zh-hans", "no": "nb"}.get(language, language)
    return str(get_language_info(code)["name_translated"])


def other_language(sheet: Sheet) -> Iterator[Finding]:
    """An answer in a language that the customer does not write; said only when sure of both."""
    ours = language_of(sheet.written)
    theirs = language_of(sheet.theirs) if ours else ""
    if not ours or not theirs or are_near(ours, theirs):
        return
    reason = _("The customer wrote in %(theirs)s, and this is in %(ours)s.") % {
        "theirs": _name_of(theirs),
        "ours": _name_of(ours),
    }
    way = _("Write in their language, or send it as it is.")
    yield Finding(check="language", severity=Severity.QUESTION, reason=reason, way=way)
