"""What came in and was answered, hour by hour of the week; and how fast, while somebody waited.

The pace of an answer is the time since the answer before it, or since its wait began where that
was later: the service times of a queue as it is observed from outside (Lindley's recursion). So
an hour in which little came in does not look like an hour in which we were slow.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from makegood.calendars.hours import Hours

HOUR = timedelta(hours=1)
LONGEST = timedelta(days=5)
"""No answer counts as having been worked on for longer: it had been forgotten."""
Key = tuple[int, int, date, int]
"""Inbox, team, Monday, slot."""


@dataclass
class Counts:
    """What `Hour` keeps of one hour."""

    arrivals: int = 0
    answers: int = 0
    seconds: int = 0
    open_seconds: int = 0
    within_hour: int = 0
    within_four: int = 0
    within_day: int = 0
    busy_seconds: float = 0
    agents: set[int] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A wait that an answer ended, as far as it is counted."""

    inbox: int
    team: int
    agent: int
    began_at: datetime
    ended_at: datetime
    open_seconds: int


class Tally:
    """Counts by hour. `change` is 1, or -1 for what was taken back."""

    def __init__(self) -> None:
        self.hours: defaultdict[Key, Counts] = defaultdict(Counts)

    def arrival(self, inbox: int, team: int, at: datetime, zone: ZoneInfo) -> None:
        self.hours[inbox, team, *slot_of(at, zone)].arrivals += 1

    def answer(self, one: Answer, zone: ZoneInfo, change: int = 1) -> None:
        counts = self.hours[one.inbox, one.team, *slot_of(one.ended_at, zone)]
        counts.answers += change
        counts.seconds += change * round((one.ended_at - one.began_at).total_seconds())
        counts.open_seconds += change * one.open_seconds
        counts.within_hour += change * (one.open_seconds <= 3600)
        counts.within_four += change * (one.open_seconds <= 4 * 3600)
        counts.within_day += change * (one.open_seconds <= 8 * 3600)
        if one.agent and change > 0:
            counts.agents.add(one.agent)

    def pace(
        self, one: Answer, previous: datetime | None, hours: Hours | None, zone: ZoneInfo
    ) -> None:
        """The time that it took, laid upon the hours in which it passed."""
        begun = max(one.began_at, previous or one.began_at, one.ended_at - LONGEST)
        for since, until in _open_between(begun, one.ended_at, hours):
            for at, seconds in by_the_hour(since, until, zone):
                self.hours[one.inbox, one.team, *slot_of(at, zone)].busy_seconds += seconds


def _open_between(
    since: datetime, until: datetime, hours: Hours | None
) -> Iterator[tuple[datetime, datetime]]:
    if hours is None:
        yield since, until
        return
    for span in hours.spans_between(since, until):
        yield span.begins_at, span.ends_at


def by_the_hour(
    since: datetime, until: datetime, zone: ZoneInfo
) -> Iterator[tuple[datetime, float]]:
    """A stretch cut where a clock of the shop strikes the hour."""
    at = since
    while at < until:
        local = at.astimezone(zone)
        rest = HOUR - timedelta(
            minutes=local.minute, seconds=local.second, microseconds=local.microsecond
        )
        reached = min(until, at + rest)
        yield at, (reached - at).total_seconds()
        at = reached


def slot_of(at: datetime, zone: ZoneInfo) -> tuple[date, int]:
    """The Monday of a moment's week, and the hour of the week."""
    local = at.astimezone(zone)
    return local.date() - timedelta(days=local.weekday()), local.weekday() * 24 + local.hour
