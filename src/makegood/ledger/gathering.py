"""Many events of one transaction, written together at its end: one statement a table.

What a single act records is the same, in the same order; only the writing is shared. A fact
that somebody reacts to at once is written at once, after all that waited before it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from makegood.ledger.models import Event, EventSubject, Personal

CHANNEL = "makegood_events"


@dataclass(frozen=True)
class Telling:
    """An event that is about to be written, with all that belongs to it."""

    event: Event
    refs: tuple[str, ...]
    salt: bytes
    personal: dict[str, Any]


@dataclass
class Gathered:
    """What was told and is not written yet."""

    waiting: list[Telling] = field(default_factory=list)

    @contextmanager
    def one(self) -> Iterator[None]:
        """One act among many: what fails leaves neither changes nor events."""
        before = list(self.waiting)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            self.waiting = before
            raise

    def write(self) -> None:
        told, self.waiting = self.waiting, []
        write(told)


_gathering: ContextVar[Gathered | None] = ContextVar("gathering", default=None)


@contextmanager
def gathered() -> Iterator[Gathered]:
    """Write what is recorded inside at the end, inside the caller's transaction."""
    mine = Gathered()
    token = _gathering.set(mine)
    try:
        yield mine
        mine.write()
    finally:
        _gathering.reset(token)


def tell(telling: Telling, *, at_once: bool) -> None:
    """Write an event, or let it wait where somebody gathers."""
    gathering = _gathering.get()
    if gathering is None:
        write([telling])
        return
    gathering.waiting.append(telling)
    if at_once:
        gathering.write()


def write(told: list[Telling]) -> None:
    if not told:
        return
    _take_a_number()
    if len(told) == 1:
        told[0].event.save()
    else:
        Event.objects.bulk_create([one.event for one in told])
    personal = [
        Personal(event=one.event, salt=one.salt, content=one.personal)
        for one in told
        if one.personal
    ]
    if personal:
        Personal.objects.bulk_create(personal)
    EventSubject.objects.bulk_create(
        EventSubject(event=one.event, ref=ref) for one in told for ref in one.refs
    )


def _take_a_number() -> None:
    """On PostgreSQL: own a transaction number before an event id, and tell who listens.

    The reader relies on it: a transaction that holds an unseen id is then always among
    those that it waits for (`reading.Reader`).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id(), pg_notify(%s, '')", [CHANNEL])
