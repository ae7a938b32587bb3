"""The index on SQLite: a contentless FTS5 table. Words go in as they are, made by `words`."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from makegood.search.index import Entry, Found, Window
from makegood.search.language import Question, Term

CREATE = (
    "CREATE VIRTUAL TABLE search_words USING fts5("
    "subject, customer, tags, text, marks, content='', contentless_delete=1, "
    "tokenize=\"ascii tokenchars '~'\", prefix='3')"
)


def create(cursor: Any) -> None:
    cursor.execute(CREATE)


@contextmanager
def loading() -> Iterator[None]:
    """Very many entries are coming: pages are kept in memory, and synced once in a while."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size = -400000")
        cursor.execute("PRAGMA synchronous = NORMAL")
        yield
        cursor.execute("INSERT INTO search_words(search_words) VALUES ('optimize')")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def remove(cursor: Any) -> None:
    cursor.execute("DROP TABLE IF EXISTS search_words")


def write(entries: Iterable[Entry]) -> None:
    rows: list[tuple[int | str, ...]] = [
        (entry.number, *(" ".join(column) for column in entry.columns()), " ".join(entry.marks))
        for entry in entries
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT OR REPLACE INTO search_words(rowid, subject, customer, tags, text, marks)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            rows,
        )


def erase(numbers: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM search_words WHERE rowid = %s", [(n,) for n in numbers])


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO search_words(search_words) VALUES ('delete-all')")


def match(question: Question, window: Window) -> list[Found]:
    """The newest things below the window's edge. FTS5 walks its lists newest first."""
    sql = (
        "SELECT i.id, i.ref, i.about FROM (SELECT rowid AS id FROM search_words"
        " WHERE search_words MATCH %s AND rowid < %s ORDER BY rowid DESC LIMIT %s) AS hits"
        " JOIN search_indexed i ON i.id = hits.id ORDER BY i.id DESC"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [expression(question, window), window.below, window.limit])
        return [Found(*row) for row in cursor.fetchall()]


def exceeds(question: Question, window: Window) -> bool:
    """Whether as many match as the window holds: their numbers alone are counted off."""
    sql = "SELECT rowid FROM search_words WHERE search_words MATCH %s LIMIT 1 OFFSET %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [expression(question, window), window.limit - 1])
        return cursor.fetchone() is not None


def among(question: Question, window: Window, numbers: Sequence[int]) -> set[int]:
    """Which of these numbers match."""
    sql = "SELECT rowid FROM search_words WHERE search_words MATCH %s AND rowid = %s"
    asked = expression(question, window)
    found: set[int] = set()
    with connection.cursor() as cursor:
        for number in numbers:
            cursor.execute(sql, [asked, number])
            found.update(row[0] for row in cursor.fetchall())
    return found


def expression(question: Question, window: Window) -> str:
    """The question in FTS5's language. Every word is quoted, and holds letters and digits only."""
    asked = [_term(term) for term in question.terms if not term.is_negated]
    if window.marks:
        asked.append("(" + " OR ".join(f'"{mark}"' for mark in window.marks) + ")")
    without = [_term(term) for term in question.terms if term.is_negated]
    without += [f'"{mark}"' for mark in window.without]
    text = " AND ".join(asked)
    return f"({text}) NOT ({' OR '.join(without)})" if without else text


def _term(term: Term) -> str:
    text = '"' + " ".join(term.words) + '"' + ("*" if term.is_beginning else "")
    return f"{term.field} : {text}" if term.field else text
