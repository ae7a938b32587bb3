"""Finding a passage however it is written: in other spaces, quoted, wrapped, or cut up by tags.

Letters and digits are compared, in their order and without regard to case. What may stand
between two of them is little: blanks, signs of quoting, hyphens. A letter is the same in each of
its forms: as one sign or with its accent apart, in full width, as a ligature. A short passage is
only found as words of its own, so that `Ada` is not found in `Adam`.
"""

import itertools
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from makegood.kit.errors import Refused

SHORTEST = 3
DISTINCT = 8
"""From so many letters on a passage is found inside of longer words, too."""
WIDEST_GAP = 24
MOST_OF_ONE = 18
"""So many letters one sign of Unicode can stand for."""
OF_MACHINES = frozenset({"do", "became"})
"""Under these names JSON holds words that our own code reads, as `done`: nobody said them."""


@dataclass(frozen=True)
class Passage:
    """The letters and digits of what is looked for."""

    letters: str

    @classmethod
    def of(cls, words: str) -> "Passage":
        letters, _places = _letters(words)
        if len(letters) < SHORTEST:
            raise Refused(_("Choose at least %(n)s letters or digits.") % {"n": SHORTEST})
        return cls(letters)

    def places_in(self, text: str) -> list[tuple[int, int]]:
        """Where it stands, as begin and end, from front to back and apart from each other."""
        if len(text) * MOST_OF_ONE < len(self.letters):
            return []
        letters, places = _letters(text)
        found: list[tuple[int, int]] = []
        at = letters.find(self.letters)
        while at >= 0:
            last = at + len(self.letters) - 1
            span = (places[at], places[last] + 1)
            is_cut = _splits_a_sign(letters, places, at, last)
            if not is_cut and self._is_whole(text, span, places[at : last + 1]):
                found.append(span)
                at = letters.find(self.letters, last + 1)
            else:
                at = letters.find(self.letters, at + 1)
        return found

    def _is_whole(self, text: str, span: tuple[int, int], places: list[int]) -> bool:
        gaps = [after - before for before, after in itertools.pairwise(places)]
        if max(gaps, default=0) > WIDEST_GAP:
            return False
        if len(self.letters) >= DISTINCT:
            return True
        begin, end = span
        return not any(map(_is_letter, text[max(begin - 1, 0) : begin] + text[end : end + 1]))

    def stands_in(self, value: Any) -> bool:
        """Whether it stands in a text, or anywhere in what JSON holds."""
        if isinstance(value, str):
            return bool(self.places_in(value))
        if isinstance(value, dict):
            return any(
                self.stands_in(one) for name, one in value.items() if name not in OF_MACHINES
            )
        return isinstance(value, list) and any(self.stands_in(one) for one in value)

    def taken_out(self, text: str, mark: str) -> str:
        """The text with the mark in its place."""
        pieces, at = [], 0
        for begin, end in self.places_in(text):
            pieces += [text[at:begin], mark]
            at = end
        return "".join([*pieces, text[at:]])

    def taken_out_of(self, value: Any, mark: str) -> Any:
        """The same for everything that JSON holds."""
        if isinstance(value, str):
            return self.taken_out(value, mark)
        if isinstance(value, dict):
            return {
                name: one if name in OF_MACHINES else self.taken_out_of(one, mark)
                for name, one in value.items()
            }
        if isinstance(value, list):
            return [self.taken_out_of(one, mark) for one in value]
        return value


def _letters(text: str) -> tuple[str, list[int]]:
    """The letters and digits of a text in small, and where each of them stands."""
    letters: list[str] = []
    places: list[int] = []
    for at, sign in enumerate(text):
        for one in _forms(sign):
            letters.append(one)
            places.append(at)
    return "".join(letters), places


def _splits_a_sign(letters: str, places: list[int], first: int, last: int) -> bool:
    """Whether it begins or ends within one sign, or leaves an accent without its letter."""
    after = letters[last + 1 : last + 2]
    is_torn = bool(after) and (places[last + 1] == places[last] or unicodedata.combining(after) > 0)
    return is_torn or (first > 0 and places[first - 1] == places[first])


def _forms(sign: str) -> str:
    """What one sign is when it is compared: its letters, figures and accents, in small."""
    if sign.isascii():
        return sign.lower() if sign.isalnum() else ""
    return "".join(filter(_is_letter, unicodedata.normalize("NFKD", sign.casefold())))


def _is_letter(sign: str) -> bool:
    return sign.isalnum() or unicodedata.combining(sign) > 0
