"""The place where something was found, with what was found marked: data, never HTML."""

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

from makegood.search.documents import Shown
from makegood.search.language import Question, Term
from makegood.search.words import folded

AROUND = 70
"""Letters shown before the first mark; twice as many after it."""
FARTHEST = 20_000
"""Letters of a text that are looked through for a mark."""
MOST_MARKS = 50
WIDEST_GAP = 200


class Piece(NamedTuple):
    """A run of text, and whether it is what was asked for."""

    text: str
    is_match: bool = False


def snippet(shown: Shown, question: Question) -> Sequence[Piece]:
    """The lines around the first match; the beginning of the text where it is elsewhere."""
    text, terms = shown.text, _terms(question, "text")
    spots = _spots(text, terms)
    if not spots and shown.files:
        found = _spots(shown.files, terms)
        if found:
            text, spots = shown.files, found
    return _window(text, spots)


def marked(text: str, question: Question, field: str) -> Sequence[Piece]:
    """A whole short text (a subject, a name) with its matches marked."""
    return _pieces(text, _spots(text, _terms(question, field)), 0, len(text))


def _terms(question: Question, field: str) -> list[Term]:
    return [t for t in question.terms if not t.is_negated and t.field in ("", field)]


def _spots(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Where the terms stand, in order, none over another: the first few of a long text."""
    if not terms:
        return []
    there = folded(text[:FARTHEST])
    found = sorted(run for term in terms for run in islice(_runs(there.text, term), MOST_MARKS))
    spots: list[tuple[int, int]] = []
    for start, end in found:
        if not spots or start >= spots[-1][1]:
            spots.append((start, end))
    return [there.place_of(start, end) for start, end in spots]


def _runs(there: str, term: Term) -> Iterator[tuple[int, int]]:
    """Where a term begins and ends in folded text: at the edges of words alone."""
    at = there.find(term.words[0])
    while at >= 0:
        end = _end_of(there, at, term) if at == 0 or there[at - 1].isspace() else 0
        if end:
            yield at, end
        at = there.find(term.words[0], at + 1)


def _end_of(there: str, at: int, term: Term) -> int:
    """The end of the term that begins here; 0 where other words follow."""
    *before, last = term.words
    for word, following in pairwise((*before, last)):
        at += len(word)
        blanks = there[at : at + WIDEST_GAP]
        at += len(blanks) - len(blanks.lstrip())
        if not blanks[:1].isspace() or not there.startswith(following, at):
            return 0
    end = at + len(last)
    if term.is_beginning:
        while end < len(there) and not there[end].isspace():
            end += 1
    return end if end >= len(there) or there[end].isspace() else 0


def _window(text: str, spots: Sequence[tuple[int, int]]) -> Sequence[Piece]:
    first = spots[0][0] if spots else 0
    start = 0 if first <= AROUND else _at_a_blank(text, first - AROUND)
    end = _end_at_a_blank(text, start + 3 * AROUND)
    return _pieces(text, [s for s in spots if s[1] <= end], start, end)


def _at_a_blank(text: str, place: int) -> int:
    blank = text.find(" ", place, place + 20)
    return place if blank < 0 else blank + 1


def _end_at_a_blank(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    blank = text.rfind(" ", place - 20, place)
    return place if blank < 0 else blank


def _pieces(text: str, spots: Sequence[tuple[int, int]], start: int, end: int) -> Sequence[Piece]:
    pieces, place = [], start
    for begin, stop in spots:
        pieces += [Piece(text[place:begin]), Piece(text[begin:stop], is_match=True)]
        place = stop
    pieces.append(Piece(text[place:end]))
    if end < len(text):
        pieces.append(Piece("…"))
    if start > 0:
        pieces.insert(0, Piece("…"))
    return [Piece(_spaced(p.text), p.is_match) for p in pieces if p.text]


def _spaced(text: str) -> str:
    """Line ends and runs of blanks as one blank, those at the edges too."""
    if text.isalnum():
        return text
    said = " ".join(text.split())
    before, after = text[:1].isspace(), text[-1:].isspace()
    return f"{' ' if before else ''}{said}{' ' if after else ''}" if said else " "
