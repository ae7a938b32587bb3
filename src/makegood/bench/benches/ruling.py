"""A rule tried on the conversations that there were: how long, and with how many statements."""

import time
from collections.abc import Iterator
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from makegood.automation.actions import Wish, save_rule
from makegood.automation.models import Trial
from makegood.automation.trying import step, try_rule
from makegood.bench.figures import Figure, figure
from makegood.conversations.models import Conversation
from makegood.ledger.models import Event
from makegood.team.models import Agent

MANY = 100_000
LONG_AGO = timedelta(days=4000)
ASKED = {
    "happened": Wish(
        name="Bench: late ones",
        trigger="conversation.replied",
        condition="-tag:vip (is:answered OR priority:high) messages:<9",
        acts=[("tag", "bench"), ("priority", "high")],
    ),
    "lasted": Wish(
        name="Bench: long ones",
        trigger="since:waiting",
        seconds=4 * 3600,
        condition="channel:email -tag:vip",
        acts=[("tag", "bench")],
    ),
}


def rules(rounds: int) -> Iterator[Figure]:
    """Both kinds of rule: one that hears of facts, one that waits for a time."""
    many = MANY if rounds >= 100 else rounds * 20
    owner = Agent.objects.filter(role=Agent.Role.OWNER, is_active=True).order_by("pk")[0]
    for name, wish in ASKED.items():
        with transaction.atomic():
            trial = _far_back(try_rule(save_rule(None, wish, by=owner), by=owner), many)
            began, steps, statements = time.perf_counter(), [0.0], 0
            while trial.state == Trial.State.LOOKING:
                before = time.perf_counter()
                with connection.execute_wrapper(counter := _Counter()):
                    step(trial.pk)
                steps.append((time.perf_counter() - before) * 1000)
                statements += counter.count
                trial.refresh_from_db()
            seconds = time.perf_counter() - began
            transaction.set_rollback(True)
        yield figure(f"rules.dry_run_{name}_s", seconds, "s", None, trial.looked)
        yield figure(f"rules.dry_run_{name}_step_ms", max(steps), "ms", None, len(steps) - 1)
        each = statements / max(1, trial.looked)
        yield figure(f"rules.dry_run_{name}_asks", each, "queries", None, trial.looked)


class _Counter:
    """Counts statements."""

    count = 0

    def __call__(self, execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        self.count += 1
        return execute(sql, params, many, context)


def _far_back(trial: Trial, many: int) -> Trial:
    """So far that it looks at so many causes, however old they are."""
    trial.since = timezone.now() - LONG_AGO
    facts = Event.objects.filter(kind=trial.version.trigger)
    rows = Conversation.objects.filter(joined_into=None)
    found = (rows if trial.version.state else facts).order_by("-pk")
    trial.looked_to = list(found.values_list("pk", flat=True)[: many + 1])[-1]
    trial.last = max(trial.last, trial.looked_to)
    trial.total = many
    trial.save()
    return trial
