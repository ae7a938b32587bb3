"""On PostgreSQL an id may be taken early and committed late: the reader must not pass it."""

import threading
from dataclasses import dataclass

import pytest
from django.db import connection, transaction

from makegood.ledger.actions import record
from makegood.ledger.actors import System
from makegood.ledger.facts import Fact
from makegood.ledger.models import Event
from makegood.ledger.reading import Reader

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True, kw_only=True)
class Rang(Fact, kind="test.rang"):
    """A bell rang."""

    number: int


def ring(number: int) -> None:
    with transaction.atomic():
        record(Rang(number=number), about=["bell:1"], by=System("test"))


def read_all(reader: Reader) -> list[int]:
    events = reader.read()
    if events:
        reader.advance(events[-1].pk)
    return [event.facts["number"] for event in events]


def test_events_are_read_once_and_in_order() -> None:
    reader = Reader(Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)
    ring(1)
    ring(2)
    assert read_all(reader) == [1, 2]
    ring(3)
    assert read_all(reader) == [3]
    assert read_all(reader) == []


class LateWriter(threading.Thread):
    """Takes an event id at once and ends its transaction only when told."""

    def __init__(self, number: int, *, rolls_back: bool) -> None:
        super().__init__()
        self.number, self.rolls_back = number, rolls_back
        self.has_written, self.may_end = threading.Event(), threading.Event()

    def run(self) -> None:
        with transaction.atomic():
            record(Rang(number=self.number), about=["bell:1"], by=System("test"))
            self.has_written.set()
            self.may_end.wait(20)
            transaction.set_rollback(self.rolls_back)
        connection.close()


@pytest.mark.postgres
@pytest.mark.parametrize(("rolls_back", "then"), [(False, [1, 2]), (True, [2])])
def test_a_row_that_commits_late_is_never_skipped(rolls_back: bool, then: list[int]) -> None:
    ring(0)
    reader = Reader(Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)
    late = LateWriter(1, rolls_back=rolls_back)
    late.start()
    assert late.has_written.wait(20)
    ring(2)
    assert read_all(reader) == []
    assert read_all(reader) == []
    late.may_end.set()
    late.join()
    assert read_all(reader) == then
