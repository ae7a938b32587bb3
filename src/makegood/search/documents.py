"""What the index knows of a thing, and where it asks for it.

The index keeps words, not text: a snippet and a rebuild ask the app that owns the words.
So nothing is stored twice, and what was forgotten there cannot be read here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Document:
    """One thing that can be found. `about` is what it is part of, `scope` who may see it."""

    ref: str
    about: str
    scope: int
    at: datetime
    subject: str = ""
    customer: str = ""
    tags: str = ""
    text: str = ""
    files: str = ""
    is_internal: bool = False


@dataclass(frozen=True, kw_only=True)
class Source:
    """An app's answer to two questions: what stands there, and what comes after."""

    noun: str
    read: Callable[[Sequence[int]], Iterable[Document]]
    """The documents of these numbers; those that are gone are left out."""
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
    numbers: dict[str, list[int]] = {}
    for ref in refs:
        noun, _, number = ref.partition(":")
        numbers.setdefault(noun, []).append(int(number))
    return {
        document.ref: document
        for noun, pks in numbers.items()
        if noun in _SOURCES
        for document in _SOURCES[noun].read(pks)
    }
