from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from makegood.ledger.actions import record
from makegood.ledger.actors import Named
from makegood.ledger.facts import KINDS, Fact
from makegood.ledger.gathering import gathered
from makegood.ledger.models import Event, Personal
from makegood.ledger.reactions import reacts_to, reacts_together_to
from makegood.ledger.verifying import verify_ledger

pytestmark = pytest.mark.django_db
IDA = Named("customer:1", "Ida")


@dataclass(frozen=True, kw_only=True)
class Hummed(Fact, kind="test.hummed"):
    """Somebody hummed; nobody reacts to it."""

    says = "{by} hummed “{words}”"
    personal = ("words",)

    words: str


@dataclass(frozen=True, kw_only=True)
class Rang(Fact, kind="test.rang"):
    """A bell rang; somebody hears it at once."""

    says = "{by} rang"


@dataclass(frozen=True, kw_only=True)
class Knocked(Fact, kind="test.knocked"):
    """Somebody knocked; how often is heard together."""

    says = "{by} knocked"

    number: int


for fact in (Hummed, Rang, Knocked):  # a kind of its own is checked by a house test
    KINDS.pop(fact.kind)
    KINDS[fact.kind] = fact
heard: list[int] = []
together: list[list[int]] = []


@reacts_to(Rang)
def hear(event: Event) -> None:
    heard.append(event.pk)


@reacts_together_to(Knocked)
def hear_together(events: Sequence[Event]) -> None:
    together.append([event.facts["number"] for event in events])
    if len(events) > 1:
        hum(f"{len(events)} knocks by {events[0].told()['by']} at {events[0].subject('lamp')}")


def knock(number: int) -> None:
    record(Knocked(number=number), about=["lamp:1"], by=IDA)


def hum(words: str) -> None:
    record(Hummed(words=words), about=["lamp:1", "shop:1"], by=IDA)


def sentences() -> list[str]:
    return [event.sentence() for event in Event.objects.order_by("pk")]


def test_what_is_gathered_is_what_would_have_been_written_one_by_one() -> None:
    with transaction.atomic(), gathered():
        for words in ("one", "two", "three"):
            hum(words)
        assert not Event.objects.exists()
    assert sentences() == ["Ida hummed “one”", "Ida hummed “two”", "Ida hummed “three”"]
    assert Event.objects.about("lamp:1").count() == 3
    assert not verify_ledger().trouble


def test_few_statements_write_many(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(6), transaction.atomic(), gathered():
        for number in range(40):
            hum(str(number))
    assert Personal.objects.count() == 40


def test_what_somebody_reacts_to_is_written_at_once_behind_what_waited() -> None:
    heard.clear()
    with transaction.atomic(), gathered():
        hum("before")
        record(Rang(), about=["lamp:1"], by=IDA)
        assert heard == [Event.objects.get(kind="test.rang").pk]
        hum("after")
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["test.hummed", "test.rang", "test.hummed"]


def test_what_fails_leaves_no_event_and_takes_none_of_the_others() -> None:
    with transaction.atomic(), gathered() as told:
        with told.one():
            hum("kept")
        with pytest.raises(KeyError), told.one():
            hum("lost")
            record(Rang(), about=["lamp:1"], by=IDA)  # writes what waited, too
            raise KeyError
        with told.one():
            hum("kept, too")
    assert sentences() == ["Ida hummed “kept”", "Ida hummed “kept, too”"]


def test_what_is_broken_off_leaves_nothing() -> None:
    with pytest.raises(KeyError), transaction.atomic(), gathered():
        hum("lost")
        raise KeyError
    hum_alone = transaction.atomic(hum)
    hum_alone("alone")
    assert sentences() == ["Ida hummed “alone”"]


def test_who_reacts_to_many_together_hears_of_them_once_at_the_end() -> None:
    together.clear()
    with transaction.atomic(), gathered() as told:
        for number in (1, 2):
            with told.one():
                knock(number)
        with pytest.raises(KeyError), told.one():
            knock(3)
            record(Rang(), about=["lamp:1"], by=IDA)  # writes what waited, and goes with it
            raise KeyError
        hum("between")
        assert not together
    assert together == [[1, 2]]
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["test.knocked", "test.knocked", "test.hummed", "test.hummed"]


def test_where_nobody_gathers_each_is_heard_by_itself() -> None:
    together.clear()
    with transaction.atomic():
        knock(1)
        knock(2)
    assert together == [[1], [2]]
