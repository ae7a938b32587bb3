"""What a word is: the same on both databases, in documents, questions and snippets.

Text is folded here (case, accents, width, ligatures) and cut at everything that is neither
letter nor digit. The databases are handed words, never text, so that neither its tokenizer
nor its locale has a say.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

MOST_KINDS = 24
LONGEST = 64
"""Letters of a word that count; longer ones are cut, in documents and questions alike."""


class _Folding(dict[int, str]):
    """Code point → what is left of it; filled as letters turn up."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = "".join(_kept(letter) for letter in _parts(chr(code)))
        return folded


def _parts(letter: str) -> str:
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold())


def _kept(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Mn":
        return ""
    if category == "Nd":
        return str(unicodedata.digit(letter))
    return letter if category[0] in "LN" or category == "Mc" else " "


_FOLDING = _Folding()
_PLAIN: set[str] = set()
"""Letters that fold to one letter, as far as they turned up."""
_ASCII = frozenset(map(chr, range(128)))
_TO_ASCII: set[str] = set()
"""Other letters that fold to these, as far as they turned up."""


def words(text: str) -> list[str]:
    """The words of a text, folded: `Größe: 2×` is `grosse`, `2`."""
    return [word[:LONGEST] for word in _folded(text).split()]


def _folded(text: str) -> str:
    """Letter for letter. Python folds plain letters many times faster than any others.

    So the few others that a text has go first, each kind at once, where plain ones are left.
    """
    if not text.isascii():
        others = set(text) - _ASCII
        if len(others) <= MOST_KINDS and (others <= _TO_ASCII or _all_to_ascii(others)):
            for one in others:
                text = text.replace(one, _FOLDING[ord(one)])
    return text.translate(_FOLDING)


def _all_to_ascii(letters: set[str]) -> bool:
    _TO_ASCII.update(one for one in letters if _FOLDING[ord(one)].isascii())
    return letters <= _TO_ASCII


class Folded(NamedTuple):
    """A text as its words are compared, and the way back to where each letter stood."""

    text: str
    uneven: Sequence[tuple[int, int, int]] = ()
    """Letters that fold to none or to several: where folded, how many, and where as written."""

    def place_of(self, start: int, end: int) -> tuple[int, int]:
        """Where a run of folded letters stands in the text as written."""
        return self._place(start), self._place(end - 1) + 1

    def _place(self, folded: int) -> int:
        before = bisect_right(self.uneven, folded, key=itemgetter(0))
        if not before:
            return folded
        begins, width, written = self.uneven[before - 1]
        beyond = folded - begins - width
        return written if beyond < 0 else written + 1 + beyond


def _uneven(letters: set[str]) -> set[str]:
    """Those that fold to none or to several."""
    uneven = {letter for letter in letters if len(_FOLDING[ord(letter)]) != 1}
    _PLAIN.update(letters - uneven)
    return uneven


def folded(text: str) -> Folded:
    """The text folded, letter for letter where nothing was added or dropped."""
    letters = set() if text.isascii() else set(text)
    uneven = set() if letters <= _PLAIN else _uneven(letters - _PLAIN)
    return Folded(_folded(text), list(_runs_of(text, uneven)) if uneven else ())


def _runs_of(text: str, uneven: set[str]) -> Iterator[tuple[int, int, int]]:
    """Where these letters stand, folded and as written, and how many each became."""
    moved = 0
    for at in sorted(at for letter in uneven for at in _all_of(text, letter)):
        width = len(_FOLDING[ord(text[at])])
        yield at + moved, width, at
        moved += width - 1


def _all_of(text: str, letter: str) -> Iterator[int]:
    at = text.find(letter)
    while at >= 0:
        yield at
        at = text.find(letter, at + 1)
