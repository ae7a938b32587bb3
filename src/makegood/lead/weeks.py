"""The week as it usually goes: arrivals and kept promises by hour and weekday."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Sum

from makegood.channels.models import Inbox
from makegood.lead.counting import hour_of
from makegood.lead.models import InboxHour

WEEKS = 4
STEPS = 5
"""So many shades are told apart."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One hour of the week."""

    day: int
    hour: int
    arrivals: int = 0
    kept: int = 0
    not_kept: int = 0
    shade: int = 0

    @property
    def share(self) -> int | None:
        """How many of a hundred promises were kept; None where none were to be."""
        all_ = self.kept + self.not_kept
        return round(100 * self.kept / all_) if all_ else None

    @property
    def kept_shade(self) -> str:
        """A word for the colour: the better, the calmer."""
        share = self.share
        if share is None:
            return "none"
        return "kept" if share >= 95 else "at-risk" if share >= 80 else "broken"


@dataclass(frozen=True, kw_only=True)
class Week:
    """Seven days of 24 hours, and how many weeks they were drawn from."""

    days: Sequence[Sequence[Cell]]
    arrivals: int
    weeks: int = WEEKS

    def usual_between(self, first: datetime, last: datetime, zone: ZoneInfo) -> int:
        """How many usually write in the hours between two moments of one day."""
        total, at = 0, hour_of(first) + timedelta(hours=1)
        while at < last:
            local = at.astimezone(zone)
            total += self.days[local.weekday()][local.hour].arrivals
            at += timedelta(hours=1)
        return round(total / self.weeks)


def week_of(inboxes: Sequence[Inbox], now: datetime, zone: ZoneInfo) -> Week:
    """The last weeks of these inboxes, laid over each other."""
    since = hour_of(now) - timedelta(weeks=WEEKS)
    rows = (
        InboxHour.objects.filter(began_at__gte=since, began_at__lt=hour_of(now), inbox__in=inboxes)
        .values_list("began_at")
        .annotate(Sum("arrivals"), Sum("kept"), Sum("late"), Sum("broken"))
        .order_by("began_at")
    )
    found: dict[tuple[int, int], list[int]] = {}
    for began_at, arrivals, kept, _late, broken in rows:
        local = began_at.astimezone(zone)
        sums = found.setdefault((local.weekday(), local.hour), [0, 0, 0])
        for place, number in enumerate((arrivals, kept, broken)):
            sums[place] += number
    most = max((sums[0] for sums in found.values()), default=0)
    days = [[_cell(day, hour, found, most) for hour in range(24)] for day in range(7)]
    return Week(days=days, arrivals=sum(sums[0] for sums in found.values()))


@dataclass(frozen=True, kw_only=True)
class Usual:
    """How many usually still write to one inbox."""

    inbox: Inbox
    comes: int


def usual_by_inbox(
    inboxes: Sequence[Inbox], first: datetime, last: datetime, zone: ZoneInfo
) -> Sequence[Usual]:
    """`usual_between`, inbox by inbox, most first: the same hours of the last weeks alone."""
    hours, at = [], hour_of(first) + timedelta(hours=1)
    while at < last:
        local = at.astimezone(zone)
        hours += [(local - timedelta(weeks=ago)).astimezone(UTC) for ago in range(1, WEEKS + 1)]
        at += timedelta(hours=1)
    rows = InboxHour.objects.filter(began_at__in=hours, inbox__in=inboxes, arrivals__gt=0)
    sums = dict(rows.values_list("inbox").annotate(Sum("arrivals")).order_by())
    shares = [Usual(inbox=one, comes=round(sums.get(one.pk, 0) / WEEKS)) for one in inboxes]
    return sorted((one for one in shares if one.comes), key=lambda one: -one.comes)


def _cell(day: int, hour: int, found: dict[tuple[int, int], list[int]], most: int) -> Cell:
    arrivals, kept, broken = found.get((day, hour), [0, 0, 0])
    shade = -(-arrivals * STEPS // most) if most else 0
    return Cell(
        day=day, hour=hour, arrivals=arrivals, kept=kept, not_kept=broken, shade=shade
    )  # fmt: skip
