"""The clock: promises come to risk, break, and call for help, each once, at their time.

Any number of processes may tick: a row is looked at under its lock, and only while its time to be
looked at has come, which it has not any more once somebody looked.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from makegood.calendars.hours import Hours
from makegood.ledger.gathering import gathered
from makegood.promises import telling
from makegood.promises.choosing import hours_by_calendar
from makegood.promises.models import Promise
from makegood.promises.reaching import CALLING, Called, Reach
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
        hours, reach = hours_by_calendar(due), Reach(now)
        for promise in due:
            _look_at(promise, hours.get(promise.calendar_id or 0), now, reach)
        if due:
            Promise.objects.bulk_update(due, TICKED, batch_size=100)
    return len(due)


def _is_to_be_warned_of(promise: Promise, now: datetime) -> bool:
    is_open = promise.state == Promise.State.OPEN
    return is_open and promise.warned_at is None and promise.warn_at < now


def _due(now: datetime, limit: int) -> Sequence[Promise]:
    rows = Promise.objects.select_related("version", "conversation__inbox").filter(next_at__lt=now)
    free = connection.features.has_select_for_update_skip_locked
    rows = rows.select_for_update(of=("self",), skip_locked=free)
    return list(rows.order_by("next_at", "pk")[:limit])


def _look_at(promise: Promise, hours: Hours | None, now: datetime, reach: Reach) -> None:
    if break_if_due(promise, now):
        telling.broken(promise)
    elif _is_to_be_warned_of(promise, now):
        promise.warned_at = now
        telling.warned(promise, now)
    for number in open_steps(promise):
        if step_time(promise, number, hours) < now:
            promise.steps_done = [*promise.steps_done, number]
            _take(promise, steps_of(promise)[number], now, reach)
    promise.next_at = next_look(promise, hours)


def _take(promise: Promise, step: Mapping[str, Any], now: datetime, reach: Reach) -> None:
    """A step is told; and where those whom it calls are not there, who was called instead."""
    word = str(step.get("whom", ""))
    called = reach.called(promise, word or "leads") if step["do"] in CALLING else Called()
    telling.escalated(promise, step["do"], word, now, called.agents)
    if called.missing:
        missing, names = reach.said(called.missing), reach.said(called.agents)
        telling.called_on(promise, missing, names, now)
