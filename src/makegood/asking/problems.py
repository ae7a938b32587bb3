"""What was not understood: where it stands, in words, and what may have been meant."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from makegood.asking.folding import fold
from makegood.asking.tree import Span

LONGEST_NAME = 40
MOST_NAMES = 2000


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A place in the text, what is wrong with it, and what to write there instead, if we know."""

    start: int
    end: int
    words: str
    instead: str = ""


def problem(span: Span, words: str, instead: str = "") -> Problem:
    return Problem(start=span.start, end=max(span.end, span.start), words=words, instead=instead)


def nearest(word: str, names: Iterable[str]) -> str:
    """The name that was most likely meant, or nothing."""
    known: dict[str, str] = {}
    for name in names:
        known.setdefault(fold(name)[:LONGEST_NAME], name)
        if len(known) == MOST_NAMES:
            break
    asked = fold(word)[:LONGEST_NAME]
    begins = [name for name in known if asked and name.startswith(asked)]
    close = begins[:1] or difflib.get_close_matches(asked, list(known), n=1, cutoff=0.6)
    return known[close[0]] if close else ""
