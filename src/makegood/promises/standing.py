"""How one promise stands: told its times, broken when they passed, kept, withdrawn, stood up again.

Nothing here asks the database for other rows or writes any: the callers load and save.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from makegood.calendars.hours import Hours, NeverOpen, Span
from makegood.promises.clocks import FIXED_SHARE, Count, due_of, warn_before, warn_of
from makegood.promises.models import Promise, Rest

State = Promise.State
NOBODYS_FAULT = ("spam", "joined", "split", "forgotten", "unsaid", "undone")
"""Where it ended so, nobody asks why it had broken before."""
BEFORE_A_DEADLINE = timedelta(days=3)
"""Others set it and it moves for nobody: so long before it is at risk, whatever the hours."""


@dataclass
class Standing:
    """A promise with what its clock needs: its opening hours and its rests."""

    promise: Promise
    hours: Hours | None
    rests: Sequence[Rest] = field(default_factory=list)

    def count(self) -> Count:
        promise = self.promise
        spans = [Span(one.begins_at, one.ends_at) for one in self.rests if one.ends_at is not None]
        return Count(
            since=promise.since,
            length=timedelta(seconds=promise.seconds or 0),
            hours=self.hours if promise.clock == Promise.Clock.HOURS else None,
            rests=tuple(one for one in spans if one.begins_at < one.ends_at),
            bound_at=promise.bound_at,
        )

    def reckon(self) -> None:
        """Say anew when it is due and when it is at risk, and when the clock looks at it next.

        What is broken already stays due when it was.
        """
        promise = self.promise
        if promise.state != State.OPEN:
            pass
        elif promise.seconds is not None:
            count = self.count()
            share = promise.version.warn_share if promise.version else FIXED_SHARE
            promise.due_at = due_of(count)
            promise.warn_at = warn_of(count, promise.due_at, share)
        elif promise.kind == Promise.Kind.DISPUTE:
            promise.warn_at = max(promise.since, promise.due_at - BEFORE_A_DEADLINE)
        else:
            promise.warn_at = warn_before(promise.since, promise.due_at, self.hours)
        self.look()

    def look(self) -> None:
        self.promise.next_at = next_look(self.promise, self.hours)


def next_look(promise: Promise, hours: Hours | None = None) -> datetime | None:
    """The next moment at which something happens to it by time alone."""
    if promise.settled_at is not None or promise.rests_since is not None:
        return None
    moments = [step_time(promise, number, hours) for number in open_steps(promise)]
    if promise.state == State.OPEN:
        moments.append(promise.due_at)
        if promise.warned_at is None:
            moments.append(promise.warn_at)
    return min(moments, default=None)


def steps_of(promise: Promise) -> Sequence[dict[str, Any]]:
    return promise.version.steps if promise.version else []


def open_steps(promise: Promise) -> Sequence[int]:
    """The steps that were not taken yet, by their places."""
    return [n for n, _step in enumerate(steps_of(promise)) if n not in promise.steps_done]


def step_time(promise: Promise, number: int, hours: Hours | None) -> datetime:
    """When a step is taken: in the hours of whom it calls, so that somebody hears it."""
    step = steps_of(promise)[number]
    begins = promise.warn_at if step["at"] == "warn" else promise.due_at
    at = begins + timedelta(seconds=int(step.get("after", 0)))
    try:
        return hours.opens_next(at) if hours and promise.clock == Promise.Clock.HOURS else at
    except NeverOpen:
        return at


def break_if_due(promise: Promise, at: datetime) -> bool:
    """Whether its time had passed by then: then it is broken since it was due."""
    is_over = promise.state == State.OPEN and promise.rests_since is None and promise.due_at < at
    if is_over:
        promise.state, promise.broken_at = State.BROKEN, promise.due_at
        promise.asks_since = promise.due_at
    return is_over


def never_broke(promise: Promise) -> None:
    """Nothing of a break is left, and so nobody is asked why."""
    promise.broken_at = promise.asks_since = promise.cause = None
    promise.cause_words = ""


def mend_if_early(promise: Promise) -> bool:
    """Whether a clock that ran ahead broke it before its time: then it is whole again.

    The clock is read here, under the promise's lock: one that was read before it may be older
    than the break.
    """
    is_early = promise.state == State.BROKEN and not promise.is_settled
    if is_early and promise.due_at > timezone.now():
        promise.state = State.OPEN
        never_broke(promise)
        return True
    return False


def keep(promise: Promise, at: datetime, by: str) -> int:
    """It was done, in time or late; by how many seconds late.

    What was done by its time was in time, whatever a clock that ran ahead said meanwhile.
    """
    late = at > promise.due_at
    promise.state = State.LATE if late else State.KEPT
    if not late:
        never_broke(promise)
    elif promise.broken_at is None:
        promise.broken_at = promise.asks_since = promise.due_at
    promise.settled_at, promise.settled_by, promise.next_at = at, by, None
    return int((at - promise.due_at).total_seconds()) if late else 0


def withdraw(promise: Promise, at: datetime, reason: str) -> None:
    """Nothing has to be done any more. One that was broken stays broken."""
    if promise.state == State.OPEN:
        promise.state = State.WITHDRAWN
    if reason in NOBODYS_FAULT:
        promise.asks_since = None
    promise.settled_at, promise.reason, promise.next_at = at, reason[:250], None


def stand_again(promise: Promise) -> None:
    """What settled it was taken back."""
    promise.state = State.OPEN if promise.broken_at is None else State.BROKEN
    promise.settled_at, promise.settled_by, promise.reason = None, "", ""
    if promise.cause_id is None:
        promise.asks_since = promise.broken_at
