"""Any history gives what the slow oracle says: due times, outcomes, and when they were settled."""

import os

from django.db import transaction
from hypothesis import HealthCheck, given, settings

from makegood.channels.models import Inbox
from makegood.promises.tests.histories import History, Life, histories
from makegood.team.models import Agent

EXAMPLES = int(os.environ.get("MAKEGOOD_HISTORIES", "40"))


@settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=histories())
def test_promises_say_what_the_oracle_says(history: History, form: Inbox, nora: Agent) -> None:
    with transaction.atomic():
        life = Life(history, form, nora)
        life.live()
        assert life.said() == life.expected()
        transaction.set_rollback(True)
