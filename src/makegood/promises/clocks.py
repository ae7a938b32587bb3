"""When a promise is due: so much time, counted on a clock, without its rests. Pure arithmetic."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from makegood.calendars.hours import DAY_MINUTES, Hours, NeverOpen, Shift, Span, joined

AROUND_THE_CLOCK = Hours(ZoneInfo("UTC"), tuple((Shift(0, DAY_MINUTES),) for _day in range(7)))
FIXED_SHARE = 75
"""Percent of the time to a named moment after which it is at risk."""


@dataclass(frozen=True, kw_only=True)
class Count:
    """What a clock counts: from when, how much, by which hours, and when it stood still."""

    since: datetime
    length: timedelta
    hours: Hours | None = None
    """None counts around the clock."""
    rests: tuple[Span, ...] = ()
    bound_at: datetime | None = None

    @property
    def running(self) -> Hours:
        return (self.hours or AROUND_THE_CLOCK).without(self.rests)


def due_of(count: Count) -> datetime:
    """When the time is over. Hours that never open count around the clock: late is not never."""
    due_at = after(count, count.length)
    return min(due_at, count.bound_at) if count.bound_at else due_at


def warn_of(count: Count, due_at: datetime, share: int) -> datetime:
    """When so many percent of the time have gone; never behind the end of it."""
    return min(after(count, count.length * share / 100), due_at)


def after(count: Count, length: timedelta) -> datetime:
    length = timedelta(seconds=round(length.total_seconds()))
    try:
        return count.running.after(count.since, length).astimezone(UTC)
    except NeverOpen:
        return _around_the_clock(count, length).astimezone(UTC)


def _around_the_clock(count: Count, length: timedelta) -> datetime:
    """However long it rested: a matter may lie for years before the customer writes again."""
    reached = count.since
    for rest in sorted(count.rests):
        if reached + length <= rest.begins_at:
            break
        before = max(rest.begins_at - reached, timedelta())
        length, reached = length - before, max(reached, rest.ends_at)
    return reached + length


def stretches(count: Count, until: datetime) -> list[Span]:
    """The stretches in which the clock ran until a moment, in order."""
    return list(joined(count.running.spans_between(count.since, until)))


def ran(count: Count, until: datetime) -> timedelta:
    """How much time has run until a moment."""
    spans: Iterable[Span] = count.running.spans_between(count.since, until)
    return sum((span.length for span in spans), timedelta())


def warn_before(since: datetime, due_at: datetime, hours: Hours | None) -> datetime:
    """For a named moment: when three quarters of the opening hours until then have gone."""
    length = (hours or AROUND_THE_CLOCK).counted(since, due_at)
    if not length:
        return max(since, due_at - (due_at - since) / 4)
    return min(after(Count(since=since, length=length * FIXED_SHARE / 100, hours=hours),
                     length * FIXED_SHARE / 100), due_at)  # fmt: skip
