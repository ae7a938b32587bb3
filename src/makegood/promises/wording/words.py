"""A text as its words: folded to plain letters, cut into sentences, each word's place kept."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from makegood.kit.rx import rx

MOST_READ = 20_000
"""Characters. What is written beyond them is not looked at."""
MOST_WORDS = 150
"""In one sentence; what is longer is none, and is read in pieces."""


def named(words: str) -> frozenset[str]:
    """A handful of words, from one line of them."""
    return frozenset(words.split())


_TOKEN = rx(r"[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*|\d+|\n|\S")
_FOLDED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "’": "_", "'": "_", "–": "-", "—": "-", "‑": "-"}
)
_QUOTES = {"“": "”", "„": "“", "«": "»", "»": "«", '"': '"'}
_ABBREVIATIONS = named(
    "mon tue tues wed thu thur thurs fri sat sun mo di mi do fr sa jan feb mar apr jun jul aug sep "
    "sept oct okt nov dec dez approx ca z b a p m d h u bzw nr no tel mr mrs ms dr hr st"
)
_MARKS = (".", "!", ",", ";", ":", "-")
_LONG_LINE = 60


@dataclass(frozen=True)
class Word:
    """One word or mark, as it is compared, and where it stands."""

    folded: str
    begins: int
    ends: int


@dataclass(frozen=True)
class Words:
    """Some words that follow each other, and the same as one line to look for phrases in."""

    all: tuple[Word, ...]

    @cached_property
    def line(self) -> str:
        return " ".join(word.folded for word in self.all)

    @property
    def spaced(self) -> str:
        """The line with a blank at both ends, to look for whole words in."""
        return f" {self.line} "

    @cached_property
    def _places(self) -> list[int]:
        places, reached = [], 0
        for word in self.all:
            places.append(reached)
            reached += len(word.folded) + 1
        return places

    def number_at(self, place: int) -> int:
        """Which word stands at this place of the line."""
        return bisect_right(self._places, place) - 1

    @property
    def bare(self) -> "Words":
        """Without the marks at its end."""
        last = len(self.all)
        while last and self.all[last - 1].folded in _MARKS:
            last -= 1
        return self.part(0, last)

    def part(self, begins: int, ends: int) -> "Words":
        return Words(self.all[begins:ends])

    @property
    def asks(self) -> bool:
        return bool(self.all) and self.all[-1].folded == "?"


def folded(word: str) -> str:
    """Small letters; umlauts written out, all that is not of the Latin alphabet a mark."""
    plain = word.casefold().translate(_FOLDED)
    return "".join(one if one.isascii() else "~" for one in plain)


def sentences(text: str) -> Iterator[Words]:
    """What the writer says: without quoted lines, without words in quotation marks."""
    found: list[Word] = []
    words = _words(text[:MOST_READ])
    for number, word in enumerate(words):
        after = words[number + 1] if number + 1 < len(words) else None
        if word.folded != "\n":
            found.append(word)
        if _is_end(words, number, after, text) or len(found) >= MOST_WORDS:
            if found:
                yield Words(tuple(found))
            found = []
    if found:
        yield Words(tuple(found))


def _words(text: str) -> list[Word]:
    found: list[Word] = []
    begins = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if bare == "--":
            break
        if not bare.startswith(">"):
            closes = ""
            for token in _TOKEN.finditer(line):
                raw = token[0]
                if closes:
                    closes = "" if raw == closes else closes
                elif raw in _QUOTES and line.rfind(_QUOTES[raw]) >= token.end():
                    closes = _QUOTES[raw]
                    found.append(Word("~", begins + token.start(), begins + token.end()))
                else:
                    word = "\n" if raw == "\n" else folded(raw)
                    found.append(Word(word, begins + token.start(), begins + token.end()))
        begins += len(line)
    return found


def _is_end(words: list[Word], number: int, after: Word | None, text: str) -> bool:
    word = words[number].folded
    if word in ("!", "?"):
        return True
    if word == "\n":
        return not _wraps(words, number, after, text)
    return word == "." and not _stays(words, number, after, text)


def _wraps(words: list[Word], number: int, after: Word | None, text: str) -> bool:
    """A long line whose sentence goes on below it."""
    begins = text.rfind("\n", 0, words[number].begins) + 1
    if after is None or words[number].begins - begins < _LONG_LINE:
        return False
    return text[after.begins].islower() or text[after.begins].isdigit()


def _stays(words: list[Word], number: int, after: Word | None, text: str) -> bool:
    """A full stop that ends no sentence: of a date, a time, an address, an abbreviation."""
    if after is None or after.folded == "\n" or number == 0:
        return False
    if after.begins == words[number].ends:
        return True
    before = words[number - 1].folded
    if before.isdigit():
        of_date = (
            number > 2 and words[number - 2].folded == "." and words[number - 3].folded.isdigit()
        )
        first = text[after.begins]
        return len(before) < 3 and (of_date or not first.isupper() or after.folded in MONTHS)
    return before in _ABBREVIATIONS and not (before == "m" and text[after.begins].isupper())


MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jaenner",
            "february feb februar",
            "march mar maerz mrz",
            "april apr",
            "may mai",
            "june jun juni",
            "july jul juli",
            "august aug",
            "september sep sept",
            "october oct oktober okt",
            "november nov",
            "december dec dezember dez",
        ),
        start=1,
    )
    for name in names.split()
}
