"""An event that a follower cannot work through: tried for long, then set aside and shown."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from makegood.ledger import followers
from makegood.ledger.actions import record
from makegood.ledger.actors import System
from makegood.ledger.events import Forgotten
from makegood.ledger.followers import (
    PATIENCE,
    TRIES,
    Following,
    follows,
    held_by_follower,
    held_events,
    restart,
    retry_held,
    take_up,
)
from makegood.ledger.models import Event, Follower


class Reader:
    """Reads everything but what it chokes on."""

    def __init__(self) -> None:
        self.chokes_on = 0
        self.read: list[int] = []

    def __call__(self, events: Sequence[Event]) -> None:
        for event in events:
            if event.pk == self.chokes_on:
                raise ValueError("cannot be read")
        self.read += [event.pk for event in events]


@pytest.fixture
def reader(db: None) -> Iterator[Reader]:
    made = Reader()
    follows("choosy")(made)
    yield made
    del followers._FOLLOWERS["choosy"]
    followers._KEEP_ORDER.discard("choosy")


@pytest.fixture
def events(db: None) -> list[int]:
    with transaction.atomic():
        made = [record(Forgotten(events=[]), about=["thing:1"], by=System("x")) for _n in range(5)]
    return [event.pk for event in made]


def run(following: Following, tries: int) -> None:
    """What the worker's loop does, so many times."""
    for _try in range(tries):
        try:
            following.step()
        except ValueError as error:
            following.fail(str(error))


def taken_up() -> Following:
    following = take_up("choosy")
    assert following is not None
    return following


def time_passes() -> None:
    Follower.objects.exclude(failing_since=None).update(
        failing_since=timezone.now() - PATIENCE - timedelta(seconds=1)
    )


def test_only_the_event_at_fault_is_held_and_the_rest_goes_on(
    reader: Reader, events: list[int]
) -> None:
    reader.chokes_on = events[2]
    following = taken_up()
    run(following, TRIES + 10)
    assert reader.read == events[:2], "not given up before its time"
    time_passes()
    run(following, 5)
    assert reader.read == [*events[:2], *events[3:]]
    assert held_by_follower() == {"choosy": 1}
    assert held_events()[0].trouble == "cannot be read"


def test_what_is_held_is_retried_when_somebody_asks(reader: Reader, events: list[int]) -> None:
    reader.chokes_on = events[2]
    following = taken_up()
    run(following, TRIES + 2)
    time_passes()
    run(following, 5)
    assert retry_held("choosy") == (0, 1)
    reader.chokes_on = 0
    said = StringIO()
    call_command("ledger", "held", stdout=said)
    assert f"choosy {events[2]} " in said.getvalue()
    call_command("ledger", "retry", stdout=said)
    assert "1 events went through, 0 did not" in said.getvalue()
    assert sorted(reader.read) == events
    assert not held_by_follower()


def test_a_follower_that_keeps_the_order_stands(reader: Reader, events: list[int]) -> None:
    follows("choosy", keeps_order=True)(reader)
    reader.chokes_on = events[2]
    following = taken_up()
    run(following, TRIES + 2)
    time_passes()
    run(following, 20)
    assert reader.read == events[:2]
    assert not held_by_follower()
    reader.chokes_on = 0
    run(following, 5)
    assert reader.read == events


def test_a_failure_that_passes_leaves_no_trace(reader: Reader, events: list[int]) -> None:
    reader.chokes_on = events[0]
    following = taken_up()
    run(following, 3)
    reader.chokes_on = 0
    run(following, 6)
    row = Follower.objects.get(name="choosy")
    assert (reader.read, row.failures, row.failing_since) == (events, 0, None)
    assert row.trouble == ""


def test_beginning_anew_forgets_what_was_held(reader: Reader, events: list[int]) -> None:
    reader.chokes_on = events[2]
    following = taken_up()
    run(following, TRIES + 2)
    time_passes()
    run(following, 5)
    restart("choosy")
    assert not held_by_follower()
