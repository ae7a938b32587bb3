from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from makegood.kit.paging import is_number, mark, unmark
from makegood.kit.remembering import remembered
from makegood.search import index
from makegood.search.documents import Document, Shown, documents_of, shown_of
from makegood.search.index import ABOVE_ALL, INTERNAL, Window, backend, scope_mark
from makegood.search.language import Problem, Question, parse
from makegood.search.models import Indexed
from makegood.search.numbers import time_of
from makegood.search.snippets import Piece, marked, snippet

PAGE = 50
MOST_COUNTED = 1000
MOST_ROUNDS = 20
"""How often a page asks on, where one long conversation fills round after round."""
FEW = 200
"""How many of the newest matches tell whether there are few."""
RANKED = 300
"""How many of the newest hits are weighed when the best are asked for first."""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One thing found, what it is part of, and the place where it was found."""

    ref: str
    about: str
    at: datetime
    snippet: tuple[Piece, ...] = ()
    subject: tuple[Piece, ...] = ()
    is_internal: bool = False


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page of hits, one for each thing that they are part of; problems of the question."""

    hits: Sequence[Hit]
    next: str = ""
    problems: Sequence[Problem] = ()


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Whose eyes: the numbers of what they may see (None: everything), and notes or not."""

    numbers: Sequence[int] | None
    sees_internal: bool = False

    def window(self, limit: int, below: int = ABOVE_ALL) -> Window:
        marks = () if self.numbers is None else tuple(map(scope_mark, self.numbers or [0]))
        without = () if self.sees_internal else (INTERNAL,)
        return Window(limit=limit, below=below, marks=marks, without=without)


def find(typed: str, *, scope: Scope, after: str = "", limit: int = PAGE) -> Found:
    """The newest things that match, one for each whole; a damaged mark begins at the front."""
    question = parse(typed)
    if not question.asks_for_something():
        return Found(hits=[], problems=question.problems)
    rows, end = newest(question, scope=scope, after=after, limit=limit)
    return Found(hits=hits_of(rows, question), next=end, problems=question.problems)


def newest(
    question: Question, *, scope: Scope, after: str = "", limit: int = PAGE
) -> tuple[Sequence[index.Found], str]:
    """The newest match of each whole, and the mark after which the next ones begin."""
    key = unmark(after, 1)
    below = key[0] if key and is_number(key[0]) else ABOVE_ALL
    rows, end = _newest_of_each(question, scope, below, limit)
    return rows, mark(end) if end else ""


def hits_of(rows: Sequence[index.Found], question: Question) -> Sequence[Hit]:
    """What was found as a page shows it: the place, with the words marked."""
    shown = shown_of(row.ref for row in rows)
    return [_hit(row, shown[row.ref], question) for row in rows if row.ref in shown]


def matches(question: Question, window: Window) -> Sequence[index.Found]:
    """The newest things that match; looked up once for a page that asks for them twice."""
    found: Sequence[index.Found] = remembered(
        ("matches", question, window), lambda: backend().match(question, window)
    )
    return found


def find_best(typed: str, *, scope: Scope, limit: int = PAGE) -> Found:
    """The best matches among the newest hits, by where the words stand and how recently."""
    question = parse(typed)
    if not question.asks_for_something():
        return Found(hits=[], problems=question.problems)
    rows = backend().match(question, scope.window(RANKED))
    documents = documents_of(row.ref for row in rows)
    weights = [
        (_weight(documents[row.ref], question) / (1 + place / RANKED), row)
        for place, row in enumerate(rows)
        if row.ref in documents
    ]
    best: dict[str, index.Found] = {}
    for _weighed, row in sorted(weights, key=lambda pair: -pair[0]):
        best.setdefault(row.about, row)
    hits = [_hit(row, documents[row.ref], question) for row in list(best.values())[:limit]]
    return Found(hits=hits, problems=question.problems)


def count(typed: str, *, scope: Scope, most: int = MOST_COUNTED) -> int:
    """How many things match, counted no further than `most`."""
    question = parse(typed)
    if not question.asks_for_something():
        return 0
    return len({row.about for row in backend().match(question, scope.window(most))})


def is_indexed(ref: str) -> bool:
    return Indexed.objects.filter(ref=ref).exists()


def _newest_of_each(
    question: Question, scope: Scope, below: int, limit: int
) -> tuple[list[index.Found], int]:
    """One row for each whole, newest first, and the number to go on after (0: the end).

    Most words stand in a conversation once, so little more than a page is asked for at first.
    """
    chosen: dict[str, index.Found] = {}
    is_later = below != ABOVE_ALL
    at, wanted = below, limit + limit // 5
    for _round in range(MOST_ROUNDS):
        rows = matches(question, scope.window(wanted, at))
        shown = _shown_before(question, scope, rows, below) if is_later else set()
        for row in rows:
            if row.about not in shown and row.about not in chosen:
                if len(chosen) == limit:
                    return list(chosen.values()), at
                chosen[row.about] = row
            at = row.number
        if len(rows) < wanted:
            return list(chosen.values()), 0
        wanted = 2 * limit
    return list(chosen.values()), at


def _shown_before(
    question: Question, scope: Scope, rows: Sequence[index.Found], below: int
) -> set[str]:
    """Wholes of which something newer matched, and so stood on an earlier page."""
    newer = Indexed.objects.filter(about__in={row.about for row in rows}, id__gte=below)
    of = dict(newer.values_list("id", "about"))
    matching = backend().among(question, scope.window(len(of)), list(of)) if of else set()
    return {of[number] for number in matching}


def _hit(row: index.Found, shown: Shown, question: Question) -> Hit:
    return Hit(
        ref=row.ref,
        about=row.about,
        at=time_of(row.number),
        snippet=tuple(snippet(shown, question)),
        subject=tuple(marked(shown.subject, question, "subject")),
        is_internal=shown.is_internal,
    )


def _weight(document: Document, question: Question) -> float:
    """Matches in the subject and the name weigh more than those in a long text."""
    weight = 0.0
    for text, field, worth in (
        (document.subject, "subject", 3.0),
        (document.customer, "customer", 3.0),
        (document.tags, "tags", 2.0),
        (document.text[:4000], "text", 1.0),
    ):
        matches = sum(piece.is_match for piece in marked(text, question, field))
        weight += worth * matches / (1 + matches)
    return weight
