"""The place where something was found, with what was found marked: data, never HTML."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from makegood.search.documents import Document
from makegood.search.language import Question, Term
from makegood.search.words import Placed, placed_words

AROUND = 70
"""Letters shown before the first mark; twice as many after it."""
FARTHEST = 4_000
"""Words of a text that are looked through for a mark."""


@dataclass(frozen=True)
class Piece:
    """A run of text, and whether it is what was asked for."""

    text: str
    is_match: bool = False


def snippet(document: Document, question: Question) -> Sequence[Piece]:
    """The lines around the first match; the beginning of the text where it is elsewhere."""
    text = document.text
    spots = list(_spots(text, _terms(question, "text")))
    if not spots and (document.files or document.subject):
        other = document.files or document.subject
        field = "text" if document.files else "subject"
        found = list(_spots(other, _terms(question, field)))
        if found and document.files:
            text, spots = document.files, found
    return _window(text, spots)


def marked(text: str, question: Question, field: str) -> Sequence[Piece]:
    """A whole short text (a subject, a name) with its matches marked."""
    return _pieces(text, list(_spots(text, _terms(question, field))), 0, len(text))


def _terms(question: Question, field: str) -> list[Term]:
    return [t for t in question.terms if not t.is_negated and t.field in ("", field)]


def _spots(text: str, terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    if not terms:
        return
    placed = list(islice(placed_words(text), FARTHEST))
    last_end = 0
    for at in range(len(placed)):
        length = max((_length(placed, at, term) for term in terms), default=0)
        if length and placed[at].start >= last_end:
            last_end = placed[at + length - 1].end
            yield placed[at].start, last_end


def _length(placed: Sequence[Placed], at: int, term: Term) -> int:
    """How many words from here on are the term: all of them, or none."""
    if at + len(term.words) > len(placed):
        return 0
    here = [one.word for one in placed[at : at + len(term.words)]]
    *before, last = term.words
    is_last = here[-1].startswith(last) if term.is_beginning else here[-1] == last
    return len(term.words) if is_last and here[:-1] == before else 0


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
    return [Piece(" ".join(_spaced(p.text)), p.is_match) for p in pieces if p.text]


def _spaced(text: str) -> Iterator[str]:
    """Line ends and runs of blanks as one blank, those at the edges too."""
    parts = text.split()
    yield from [""] if text[:1].isspace() and parts else []
    yield from parts or ([" "] if text else [])
    yield from [""] if text[-1:].isspace() and parts else []
