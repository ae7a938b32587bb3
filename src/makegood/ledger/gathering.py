"""Many events of one transaction, written together at its end: one statement a table.

What a single act records is the same, in the same order; only the writing is shared. A fact
that somebody reacts to at once is written at once, after all that waited before it; who reacts
to many together hears of them at the end.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from makegood.ledger.models import Event, EventSubject, Personal
from makegood.ledger.reactions import hears_together, react_together, reactions_to

CHANNEL = "makegood_events"
EVENT = 'ledger_event (kind, facts, "by", at, recorded_at, commitment)'
PERSONAL = "ledger_personal (event_id, salt, content)"
SUBJECT = "ledger_eventsubject (event_id, ref)"


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
    unheard: list[Telling] = field(default_factory=list)
    """What somebody reacts to behind all of them."""

    @contextmanager
    def one(self) -> Iterator[None]:
        """One act among many: what fails leaves neither changes nor events."""
        before = list(self.waiting), list(self.unheard)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            self.waiting, self.unheard = before
            raise

    def add(self, telling: Telling) -> None:
        self.waiting.append(telling)
        if hears_together(telling.event.kind):
            self.unheard.append(telling)

    def write(self) -> None:
        told, self.waiting = self.waiting, []
        write(told)

    def end(self) -> None:
        """Write what waits and let it be heard, and what was told because of that as well."""
        while self.waiting or self.unheard:
            self.write()
            told, self.unheard = self.unheard, []
            react_together([as_known(one) for one in told])


_gathering: ContextVar[Gathered | None] = ContextVar("gathering", default=None)


@contextmanager
def gathered() -> Iterator[Gathered]:
    """Write what is recorded inside at the end, inside the caller's transaction."""
    mine = Gathered()
    token = _gathering.set(mine)
    try:
        yield mine
        mine.end()
    finally:
        _gathering.reset(token)


def tell(telling: Telling) -> None:
    """Write an event and let it be heard, or let it wait where somebody gathers."""
    gathering, reactions = _gathering.get(), reactions_to(telling.event.kind)
    if gathering is None:
        write([telling])
    else:
        gathering.add(telling)
        if not reactions:
            return
        gathering.write()
    event = as_known(telling)
    for react in reactions:
        react(event)
    if gathering is None:
        react_together([event])


def write(told: Sequence[Telling]) -> None:
    """One statement a table, whatever their number: written out, for every act passes here."""
    if not told:
        return
    _take_a_number()
    numbers = _insert(EVENT, [_row_of(one.event) for one in told], " RETURNING id")
    for one, (number,) in zip(told, numbers, strict=True):
        one.event.pk = number
        one.event._state.adding, one.event._state.db = False, connection.alias
    personal = [one for one in told if one.personal]
    _insert(PERSONAL, [(one.event.pk, one.salt, json.dumps(one.personal)) for one in personal])
    _insert(SUBJECT, [(one.event.pk, ref) for one in told for ref in one.refs])


def _row_of(event: Event) -> tuple[Any, ...]:
    moment = connection.ops.adapt_datetimefield_value
    at, recorded = moment(event.at), moment(event.recorded_at)
    return event.kind, json.dumps(event.facts), event.by, at, recorded, event.commitment


def _insert(table: str, rows: Sequence[tuple[Any, ...]], end: str = "") -> list[Any]:
    if not rows:
        return []
    place = "(" + ", ".join(["%s"] * len(rows[0])) + ")"
    sql = f"INSERT INTO {table} VALUES {', '.join([place] * len(rows))}{end}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for row in rows for value in row])
        return list(cursor.fetchall()) if end else []


def as_known(telling: Telling) -> Event:
    """The event with what belongs to it at hand: who reacts need not ask for it again."""
    event = telling.event
    subjects = event.subjects.all()
    subjects._result_cache = [EventSubject(event=event, ref=ref) for ref in telling.refs]
    vars(event)["_prefetched_objects_cache"] = {"subjects": subjects}
    if telling.personal:
        Personal(event=event, salt=telling.salt, content=telling.personal)
    return event


def _take_a_number() -> None:
    """On PostgreSQL: own a transaction number before an event id, and tell who listens.

    The reader relies on it: a transaction that holds an unseen id is then always among
    those that it waits for (`reading.Reader`).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id(), pg_notify(%s, '')", [CHANNEL])
