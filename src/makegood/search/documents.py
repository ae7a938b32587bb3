"""What the index knows of a thing, and where it asks for it.

The index keeps words, not text: a snippet and a rebuild ask the app that owns the words.
So nothing is stored twice, and what was forgotten there cannot be read here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a page shows of a thing that was found."""

    ref: str
    subject: str = ""
    text: str = ""
    files: str = ""
    is_internal: bool = False


@dataclass(frozen=True, kw_only=True)
class Document(Shown):
    """One thing that can be found. `about` is what it is part of, `scope` who may see it."""

    about: str
    scope: int
    at: datetime
    customer: str = ""
    tags: str = ""


@dataclass(frozen=True, kw_only=True)
class Source:
    """An app's answer to three questions: what stands there, what is shown, what comes after."""

    noun: str
    read: Callable[[Sequence[int]], Iterable[Document]]
    """The documents of these numbers; those that are gone are left out."""
    show: Callable[[Sequence[int]], Iterable[Shown]]
    """The same, no more of each than a page shows: many are read for each page."""
    walk: Callable[[int, int], Sequence[int]]
    """The next numbers after one, in order, at most so many."""


_SOURCES: dict[str, Source] = {}


def offer(source: Source) -> None:
    """Let the things of one noun be found."""
    _SOURCES[source.noun] = source


def sources() -> Sequence[Source]:
    return [_SOURCES[noun] for noun in sorted(_SOURCES)]


def documents_of(refs: Iterable[str]) -> dict[str, Document]:
    """The documents of references, as they are now: one read for each noun."""
    known = [(source.read, pks) for source, pks in _by_source(refs)]
    return {document.ref: document for read, pks in known for document in read(pks)}


def shown_of(refs: Iterable[str]) -> dict[str, Shown]:
    """What a page shows of references, as it is now: one read for each noun."""
    known = [(source.show, pks) for source, pks in _by_source(refs)]
    return {shown.ref: shown for show, pks in known for shown in show(pks)}


def _by_source(refs: Iterable[str]) -> Sequence[tuple[Source, Sequence[int]]]:
    numbers: dict[str, list[int]] = {}
    for ref in refs:
        noun, _, number = ref.partition(":")
        numbers.setdefault(noun, []).append(int(number))
    return [(_SOURCES[noun], pks) for noun, pks in numbers.items() if noun in _SOURCES]
