"""The index on PostgreSQL: a `tsvector` made by us, word by word, and a GIN index.

The four weights are the four fields. A week's mark lets the index itself cut a question
down to the newest weeks, so that a common word costs what its newest hits cost; without
it the planner would read every hit, or walk all things for a rare one.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from makegood.search.index import Entry, Found, Window
from makegood.search.language import Question, Term
from makegood.search.numbers import week_of

WEIGHTS = {"subject": "A", "customer": "B", "tags": "C", "text": "D"}
GAP = 8
"""Places between two fields, so that no phrase spans them."""
LAST_PLACE = 16_000
"""PostgreSQL remembers places up to 16,383; further words are found, but not in phrases."""
WEEKS = (2, 26)
"""How many weeks back are asked before everything is."""
INDEX = "CREATE INDEX search_words_gin ON search_words USING gin (words) WITH (fastupdate = off)"


def create(cursor: Any) -> None:
    cursor.execute("CREATE TABLE search_words (id bigint PRIMARY KEY, words tsvector NOT NULL)")
    cursor.execute("ALTER TABLE search_words ALTER COLUMN words SET STATISTICS 0")
    cursor.execute(INDEX)


@contextmanager
def loading() -> Iterator[None]:
    """Very many entries are coming: the index is made once, after them."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX search_words_gin")
        yield
        cursor.execute(INDEX)


def remove(cursor: Any) -> None:
    cursor.execute("DROP TABLE IF EXISTS search_words")


def write(entries: Iterable[Entry]) -> None:
    rows = [(entry.number, _vector(entry)) for entry in entries]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO search_words(id, words) VALUES (%s, %s::tsvector)"
            " ON CONFLICT (id) DO UPDATE SET words = excluded.words",
            rows,
        )


def erase(numbers: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_words WHERE id = ANY(%s)", [list(numbers)])


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE search_words")


def match(question: Question, window: Window) -> list[Found]:
    """The newest things below the window's edge: the newest weeks first, then all."""
    found: list[Found] = []
    newest, oldest = _ends(window.below)
    for weeks in (*WEEKS, None) if newest else ():
        found = _ask(expression(question, window, _weeks(newest, weeks)), window)
        is_all = weeks is None or week_of(oldest) > week_of(newest) - weeks
        if is_all or len(found) >= window.limit:
            break
    return found


def exceeds(question: Question, window: Window) -> bool:
    """Whether as many match as the window holds."""
    return len(match(question, window)) >= window.limit


def among(question: Question, window: Window, numbers: Sequence[int]) -> set[int]:
    """Which of these numbers match."""
    sql = "SELECT id FROM search_words WHERE id = ANY(%s) AND words @@ %s::tsquery"
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(numbers), expression(question, window)])
        return {number for (number,) in cursor.fetchall()}


def _ends(below: int) -> tuple[int, int]:
    """The newest number below the edge and the oldest of all; nothing where there is none."""
    sql = "SELECT max(id), (SELECT min(id) FROM search_words) FROM search_words WHERE id < %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [below])
        newest, oldest = cursor.fetchone() or (None, None)
    return newest or 0, oldest or 0


def _weeks(newest: int, weeks: int | None) -> tuple[str, ...]:
    last = week_of(newest)
    return tuple(f"~w{last - back}" for back in range(weeks)) if weeks else ()


def _ask(asked: str, window: Window) -> list[Found]:
    # Materialised: or the planner walks the newest things until enough match, which for a
    # question without answers is all of them.
    sql = (
        "WITH hits AS MATERIALIZED ("
        "SELECT id FROM search_words WHERE words @@ %s::tsquery AND id < %s)"
        " SELECT i.id, i.ref, i.about FROM (SELECT id FROM hits ORDER BY id DESC LIMIT %s) AS few"
        " JOIN search_indexed i ON i.id = few.id ORDER BY i.id DESC"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [asked, window.below, window.limit])
        return [Found(*row) for row in cursor.fetchall()]


def expression(question: Question, window: Window, weeks: Sequence[str] = ()) -> str:
    """The question as a `tsquery`. Every word is quoted, and holds letters and digits only."""
    asked = [_term(term) for term in question.terms if not term.is_negated]
    for marks in (window.marks, weeks):
        if marks:
            asked.append("(" + " | ".join(f"'{mark}'" for mark in marks) + ")")
    asked += ["!" + _term(term) for term in question.terms if term.is_negated]
    asked += [f"!'{mark}'" for mark in window.without]
    return " & ".join(asked)


def _term(term: Term) -> str:
    weight = WEIGHTS.get(term.field, "")
    last = len(term.words) - 1
    parts = []
    for place, word in enumerate(term.words):
        suffix = ("*" if term.is_beginning and place == last else "") + weight
        parts.append(f"'{word}':{suffix}" if suffix else f"'{word}'")
    return "(" + " <-> ".join(parts) + ")"


def _vector(entry: Entry) -> str:
    """The words with their places and weights, in PostgreSQL's own writing."""
    places: dict[str, list[str]] = {}
    for word, place in _placed(entry):
        places.setdefault(word, []).append(place)
    parts = [f"'{word}':{','.join(at)}" if at[0] else f"'{word}'" for word, at in places.items()]
    marks = [f"'{mark}'" for mark in (*entry.marks, f"~w{week_of(entry.number)}")]
    return " ".join(parts + marks)


def _placed(entry: Entry) -> Iterator[tuple[str, str]]:
    place = 1
    for (_field, weight), column in zip(WEIGHTS.items(), entry.columns(), strict=True):
        for word in column:
            yield word, f"{min(place, LAST_PLACE)}{weight}"
            place += 1
        place += GAP
