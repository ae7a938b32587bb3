"""Every wait made anew from the ledger, as if each had been written down as it ended.

The opening hours and teams' inboxes are taken as they are now: the ledger tells who waited when,
and a shop that changed its hours counts its past by the new ones.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db import connection, transaction

from makegood.conversations.events import Assigned, Unassigned
from makegood.kit.remembering import remembering
from makegood.ledger.followers import catch_up, restart
from makegood.ledger.models import Event
from makegood.waits.models import Hour, Unanswered, Wait
from makegood.waits.standing import STEPS, Book, conversations_in, step
from makegood.waits.writing_down import note_taken_back, row_of, write_waits

AT_ONCE = 2_000
FOLLOWER = "waits"
OF_TEAMS = (Assigned.kind, Unassigned.kind)
REMEMBERED_ANSWERS = 100_000
"""An answer is taken back within minutes: older ones need not be known by their number."""


def rebuild() -> tuple[int, int]:
    """Throw away and write again; how many events were read, and how many waits there are."""
    read = _waits_anew()
    with transaction.atomic():
        Hour.objects.all().delete()
        restart(FOLLOWER)
    catch_up(FOLLOWER)
    return read, Wait.objects.count()


@transaction.atomic
def _waits_anew() -> int:
    _keep_others_out()
    Wait.objects.all().delete()
    Unanswered.objects.all().delete()
    book, teams, read = Book(), dict[int, int | None](), 0
    with remembering():
        for event in _events():
            read += 1
            _go_on(event, book, teams)
            if len(book.ended) + len(book.taken_back) >= AT_ONCE:
                _write(book)
        _write(book)
    rows = (row_of(one) for one in book.standings.values())
    while some := list(islice(rows, AT_ONCE)):
        Unanswered.objects.bulk_create(some)
    return read


def _go_on(event: Event, book: Book, teams: dict[int, int | None]) -> None:
    """One event; whose team a conversation is of is told by events as well."""
    if event.kind in OF_TEAMS:
        teams[conversations_in(event)[0]] = event.facts.get("team")
        return
    known = len(book.ended)
    step(event, book)
    if event.kind == "conversation.split":
        teams[event.facts["into"]] = teams.get(event.facts["conversation"])
    for one in book.ended[known:]:
        one.team = teams.get(one.standing.conversation)


def _write(book: Book) -> None:
    write_waits(book.ended)
    note_taken_back(book.taken_back)
    book.ended, book.taken_back = [], []
    if len(book.answered) > REMEMBERED_ANSWERS:
        kept = list(book.answered.items())[-REMEMBERED_ANSWERS // 2 :]
        book.answered = dict(kept)


def _events() -> Iterator[Event]:
    """Everything that waits hang on, in order."""
    wanted: Any = Event.objects.filter(kind__in=[*STEPS, *OF_TEAMS])
    after = 0
    while some := list(
        wanted.filter(pk__gt=after).order_by("pk").prefetch_related("subjects")[:AT_ONCE]
    ):
        yield from some
        after = some[-1].pk


def _keep_others_out() -> None:
    """Whoever would write down a wait meanwhile does so behind us. On SQLite we write alone."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE waits_unanswered, waits_wait IN EXCLUSIVE MODE")
