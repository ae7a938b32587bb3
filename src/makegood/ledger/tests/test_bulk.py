from dataclasses import dataclass
from typing import Any

import pytest

from makegood.ledger.actions import record
from makegood.ledger.actors import System
from makegood.ledger.bulk import Told, pass_over, record_many
from makegood.ledger.facts import Fact
from makegood.ledger.followers import catch_up
from makegood.ledger.models import Event, Personal
from makegood.ledger.queries import timeline
from makegood.ledger.verifying import verify_ledger


@dataclass(frozen=True, kw_only=True)
class LampLit(Fact, kind="lamp.lit"):
    says = "{by} lit {lamp}"
    personal = ("lamp",)

    lamp: str
    watts: int


@pytest.fixture
def many(transactional_db: None) -> list[Told]:
    return [
        Told(
            LampLit(lamp=f"lamp {n}", watts=n),
            about=("lamp:1", f"lamp:{n}"),
            by="agent:7" if n % 2 else "system:sample",
            by_name="Nora",
            at=1_700_000_000 + n * 60,
        )
        for n in range(2, 9)
    ]


def test_many_events_read_as_if_recorded_one_by_one(many: list[Told]) -> None:
    from django.db import transaction  # only for the one recorded the usual way

    with transaction.atomic():
        record(LampLit(lamp="the first", watts=1), about=["lamp:1"], by=System("sample"))
    record_many(many)
    told = [event.sentence() for event in timeline("lamp:1")]
    assert told[:3] == ["Makegood lit the first", "Makegood lit lamp 2", "Nora lit lamp 3"]
    found = verify_ledger()
    assert (found.trouble, found.sealed, found.unsealed) == ("", 8, 0)
    assert Event.objects.count() == Event.objects.order_by("-pk")[0].pk - _first() + 1


def _first() -> int:
    return int(Event.objects.order_by("pk")[0].pk)


def test_what_is_altered_among_many_is_named(many: list[Told]) -> None:
    record_many(many)
    third = Event.objects.order_by("pk")[2].pk
    Personal.objects.filter(event=third).update(content={"lamp": "another", "by": "Nora"})
    assert str(third) in verify_ledger().trouble


def test_what_was_passed_over_is_not_followed_again(many: list[Told]) -> None:
    record_many(many)
    pass_over()
    assert catch_up("seal") == 0
    after: Any = Told(LampLit(lamp="last", watts=1), ("lamp:1",), "agent:7", "Nora", 1.8e9)
    record_many([after])
    assert verify_ledger().trouble == ""
