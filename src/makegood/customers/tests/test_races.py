"""Two who merge at once, and a mail that comes in between: on PostgreSQL, where both can be."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from makegood.customers.actions import meet, with_whom_now
from makegood.customers.merging import merge_customers
from makegood.customers.models import Customer, Merge
from makegood.kit.errors import Refused
from tests.world import HOUSE

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def two(transactional_db: None) -> tuple[Customer, Customer]:
    one, other = (
        meet("email", address, name="Ida Berg", at=timezone.now(), by=HOUSE).customer
        for address in ("ida@example.com", "ida@work.example")
    )
    return one, other


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Run them side by side; what each came to."""
    outcomes: list[str] = []
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            act()
            outcomes.append("done")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return sorted(outcomes)


def test_each_into_the_other_at_once_merges_once(two: tuple[Customer, Customer]) -> None:
    one, other = two
    outcomes = at_once(
        lambda: merge_customers(one, other, by=HOUSE), lambda: merge_customers(other, one, by=HOUSE)
    )
    assert outcomes == ["done", "refused"]
    assert Merge.objects.filter(undone_at=None).count() == 1
    assert Customer.objects.filter(merged_into=None).count() == 1


def test_who_comes_in_between_is_told_whose_they_are_now(two: tuple[Customer, Customer]) -> None:
    kept, absorbed = two
    handle = meet("email", "ida@work.example", at=timezone.now(), by=HOUSE)
    merge_customers(kept, absorbed, by=HOUSE)
    with transaction.atomic():
        assert with_whom_now(handle).customer == kept
