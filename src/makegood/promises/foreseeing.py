"""At risk sooner than its share of time says: the queue ahead, at its pace, would not let it be.

Asked every little while for the answers that are due next. What is foreseen is a warning like any
other, once, with its steps; beside it stands when the answer is to be expected.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from makegood.kit.remembering import remembering
from makegood.ledger.actions import record
from makegood.ledger.gathering import gathered
from makegood.promises import telling
from makegood.promises.choosing import hours_by_calendar
from makegood.promises.events import PromiseForeseen
from makegood.promises.keeping import ANSWERS
from makegood.promises.models import Promise
from makegood.promises.standing import next_look
from makegood.waits.expecting import expected_wait

LOOKS_AHEAD = timedelta(hours=12)
AT_ONCE = 200
EVERY = 60.0
"""Seconds between two looks of one process: what is learned changes slowly."""
_looked_at = [-EVERY]


def look_ahead() -> int:
    """The worker's step; how many warnings came of it."""
    if time.monotonic() - _looked_at[0] < EVERY:
        return 0
    _looked_at[0] = time.monotonic()
    return foresee(timezone.now())


@transaction.atomic
def foresee(now: datetime) -> int:
    """Warn of the answers that will not be reached in time, as it goes now."""
    with gathered(), remembering():
        late = [(one, at) for one in _next_due(now) if (at := _reached_at(one, now)) is not None]
        hours = hours_by_calendar([one for one, _at in late])
        for promise, at in late:
            promise.warned_at = promise.warn_at = now
            telling.warned(promise, now)
            fact = PromiseForeseen(
                promise=promise.pk, promised=promise.kind, due=promise.due_at.isoformat(),
                expected=at.isoformat(),
            )  # fmt: skip
            record(fact, about=telling.about_of(promise), by=telling.CLOCK, at=now)
            promise.next_at = next_look(promise, hours.get(promise.calendar_id or 0))
        Promise.objects.bulk_update(
            [one for one, _at in late], ["warned_at", "warn_at", "next_at"], batch_size=100
        )
    return len(late)


def _next_due(now: datetime) -> Sequence[Promise]:
    rows = Promise.objects.select_related("version", "conversation__inbox").filter(
        settled_at=None, state=Promise.State.OPEN, warned_at=None, rests_since=None,
        kind__in=ANSWERS, conversation__isnull=False, due_at__gt=now, due_at__lt=now + LOOKS_AHEAD,
    )  # fmt: skip
    free = connection.features.has_select_for_update_skip_locked
    rows = rows.select_for_update(of=("self",), skip_locked=free)
    return list(rows.order_by("due_at", "pk")[:AT_ONCE])


def _reached_at(promise: Promise, now: datetime) -> datetime | None:
    """When it is likely to be answered, where that is too late; None where nothing is known."""
    if promise.conversation is None:
        return None
    expected = expected_wait(promise.conversation.inbox, now, promise.since)
    at = expected.median_at
    return at if at is not None and at > promise.due_at else None
