"""The clock: promises come to risk, break, and call for help, each once, at their time.

Any number of processes may tick: a row is looked at under its lock, and only while its time to be
looked at has come, which it has not any more once somebody looked.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from makegood.calendars.hours import Hours
from makegood.ledger.gathering import gathered
from makegood.promises import telling
from makegood.promises.choosing import hours_by_calendar
from makegood.promises.models import Promise
from makegood.promises.standing import (
    break_if_due,
    next_look,
    open_steps,
    step_time,
    steps_of,
)

AT_ONCE = 200
TICKED = ("next_at", "state", "broken_at", "warned_at", "steps_done", "asks_since")


def look_at_what_is_due() -> int:
    """One step of the worker: how many promises something happened to."""
    return tick(timezone.now())


def tick(now: datetime, *, limit: int = AT_ONCE) -> int:
    """Let time do what it does to the promises that are next; how many those were."""
    if not Promise.objects.filter(next_at__lt=now).exists():
        return 0  # nobody else waits while we look in vain
    with transaction.atomic(), gathered():
        due = _due(now, limit)
        hours = hours_by_calendar(due)
        for promise in due:
            _look_at(promise, hours.get(promise.calendar_id or 0), now)
        if due:
            Promise.objects.bulk_update(due, TICKED, batch_size=100)
    return len(due)


def _is_to_be_warned_of(promise: Promise, now: datetime) -> bool:
    is_open = promise.state == Promise.State.OPEN
    return is_open and promise.warned_at is None and promise.warn_at < now


def _due(now: datetime, limit: int) -> Sequence[Promise]:
    rows = Promise.objects.select_related("version").filter(next_at__lt=now)
    free = connection.features.has_select_for_update_skip_locked
    rows = rows.select_for_update(of=("self",), skip_locked=free)
    return list(rows.order_by("next_at", "pk")[:limit])


def _look_at(promise: Promise, hours: Hours | None, now: datetime) -> None:
    if break_if_due(promise, now):
        telling.broken(promise)
    elif _is_to_be_warned_of(promise, now):
        promise.warned_at = now
        telling.warned(promise, now)
    for number in open_steps(promise):
        if step_time(promise, number, hours) < now:
            step = steps_of(promise)[number]
            promise.steps_done = [*promise.steps_done, number]
            telling.escalated(promise, step["do"], str(step.get("whom", "")), now)
    promise.next_at = next_look(promise, hours)
