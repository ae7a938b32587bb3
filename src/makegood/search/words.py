"""What a word is: the same on both databases, in documents, questions and snippets.

Text is folded here (case, accents, width, ligatures) and cut at everything that is neither
letter nor digit. The databases are handed words, never text, so that neither its tokenizer
nor its locale has a say.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

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


def words(text: str) -> list[str]:
    """The words of a text, folded: `Größe: 2×` is `grosse`, `2`."""
    return [word[:LONGEST] for word in text.translate(_FOLDING).split()]


@dataclass(frozen=True)
class Placed:
    """A word and where it stands in the text as written."""

    word: str
    start: int
    end: int


def placed_words(text: str) -> Iterator[Placed]:
    """The words with their places, for marking them where they were found."""
    offset = 0
    for line in text.split("\n"):
        folded = line.translate(_FOLDING)
        if folded:
            places = range(len(line)) if len(folded) == len(line) else _places(line)
            yield from _cut(folded, places, offset)
        offset += len(line) + 1


def _places(line: str) -> list[int]:
    """For each folded letter, the letter that it came from: folding may add or drop some."""
    return [place for place, letter in enumerate(line) for _ in letter.translate(_FOLDING)]


def _cut(folded: str, places: range | list[int], offset: int) -> Iterator[Placed]:
    end = 0
    for word in folded.split():
        start = folded.index(word, end)
        end = start + len(word)
        yield Placed(word[:LONGEST], offset + places[start], offset + places[end - 1] + 1)
