"""A question of words as a condition of another app's query."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from makegood.search.index import Found, backend
from makegood.search.language import SHORTEST_BEGINNING, Question, Term
from makegood.search.queries import FEW, Scope, matches
from makegood.search.words import words


@dataclass(frozen=True)
class Probe:
    """Of what the newest matches are part, newest first; and whether there were no more."""

    abouts: Sequence[str]
    is_whole: bool


def term_of(text: str, *, field: str = "", is_phrase: bool = False) -> Term:
    """Words beside one another; the last may go on, unless they were in quotes."""
    found = tuple(words(text))
    is_beginning = not is_phrase and bool(found) and len(found[-1]) >= SHORTEST_BEGINNING
    return Term(words=found, field=field, is_beginning=is_beginning)


def probe(question: Question, scope: Scope, most: int) -> Probe:
    """What matches, asked no further than `most` matches; of a common word only that it is one."""
    rows: Sequence[Found] = ()
    for limit in (min(FEW, most + 1), most + 1):
        rows = matches(question, scope.window(limit))
        if len(rows) < limit or backend().exceeds(question, scope.window(most + 1)):
            break
    return Probe(list(dict.fromkeys(row.about for row in rows[:most])), len(rows) < limit)


def holds(question: Question, scope: Scope, about: str) -> tuple[str, list[Any]]:
    """SQL that says whether something that is part of `about` matches; `about` is SQL of ours."""
    window = scope.window(0)
    asked = backend().expression(question, window)
    if connection.vendor == "postgresql":
        sql = (
            "EXISTS (SELECT 1 FROM search_indexed si JOIN search_words sw ON sw.id = si.id"  # noqa: S608
            f" WHERE si.about = {about} AND sw.words @@ %s::tsquery)"
        )
    else:
        # The cross join keeps to the few things of one whole, each looked up by its number.
        sql = (
            "EXISTS (SELECT 1 FROM search_indexed si CROSS JOIN search_words sw"  # noqa: S608
            f" WHERE si.about = {about} AND sw.rowid = si.id AND sw.search_words MATCH %s)"
        )
    return sql, [asked]
