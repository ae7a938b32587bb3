"""The one interface to the two indexes: entries in, questions out, numbers back."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import NamedTuple

from django.db import connection

from makegood.search.documents import Document
from makegood.search.words import words

MOST_WORDS = 12_000
"""Words of one thing that are indexed; whoever attaches a novel is found by its beginning."""
INTERNAL = "~internal"
ABOVE_ALL = 1 << 62


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A document cut into words under its number."""

    number: int
    subject: Sequence[str]
    customer: Sequence[str]
    tags: Sequence[str]
    text: Sequence[str]
    marks: Sequence[str]

    def columns(self) -> tuple[Sequence[str], ...]:
        return (self.subject, self.customer, self.tags, self.text)


class Found(NamedTuple):
    """One thing that matched: its number, its name, and what it is part of."""

    number: int
    ref: str
    about: str


@dataclass(frozen=True, kw_only=True)
class Window:
    """Where to look: below a number, among marks (any of them), without others."""

    limit: int
    below: int = ABOVE_ALL
    marks: Sequence[str] = ()
    without: Sequence[str] = ()


def entry_of(document: Document, number: int) -> Entry:
    text = words(f"{document.text}\n{document.files}" if document.files else document.text)
    marks = [scope_mark(document.scope)]
    return Entry(
        number=number,
        subject=words(document.subject),
        customer=words(document.customer),
        tags=words(document.tags),
        text=text[:MOST_WORDS],
        marks=[*marks, INTERNAL] if document.is_internal else marks,
    )


def scope_mark(scope: int) -> str:
    """A word that nobody can type: ours begin with a sign that is no letter."""
    return f"~i{int(scope)}"


def backend() -> ModuleType:
    """The index of the database that we run on."""
    from makegood.search import postgresql, sqlite  # they speak in our entries and windows

    return postgresql if connection.vendor == "postgresql" else sqlite
