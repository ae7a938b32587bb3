"""Any history gives what the slow oracle says: due times, outcomes, and when they were settled."""

import os
import sys
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings

from makegood.channels.models import Inbox
from makegood.promises.tests.histories import History, Life, histories
from makegood.team.models import Agent

ASKED = os.environ.get("MAKEGOOD_HISTORIES", "")
"""So many histories, and the shortest of those that fail: a search that takes minutes."""


COUNTED: Counter[str] = Counter()


@pytest.fixture(scope="module", autouse=True)
def tell_how_many() -> Iterator[None]:
    """How many were lived, for whoever asked for many."""
    yield
    if ASKED:
        differed = COUNTED["lived"] - COUNTED["same"]
        sys.stdout.write(f"\n{COUNTED['lived']} histories lived, {differed} differed\n")


@pytest.mark.flaky(reruns=0)
@settings(
    max_examples=int(ASKED or "25"),
    phases=[phase for phase in Phase if ASKED or phase not in (Phase.shrink, Phase.explain)],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=histories())
def test_promises_say_what_the_oracle_says(history: History, form: Inbox, nora: Agent) -> None:
    with transaction.atomic():
        life = Life(history, form, nora)
        COUNTED["lived"] += 1
        life.live()
        assert life.said() == life.expected()
        COUNTED["same"] += 1
        transaction.set_rollback(True)
