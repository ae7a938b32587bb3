"""When what a shop states is due for an order, and when it was done. Pure arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from makegood.calendars.hours import Hours

SHIPPED, FIRST_SCAN, DELIVERED, REFUND = "shipped", "first_scan", "delivered", "refund_arrived"
ACKNOWLEDGED, PAID_CONFIRMED = "acknowledged", "paid_confirmed"
CONFIRMED = (ACKNOWLEDGED, PAID_CONFIRMED)
LAST_SECOND = time(23, 59, 59)
LOOKS_AHEAD = 1000
"""Days. Whoever never works within these is taken to work every day: late is not never."""


@dataclass(frozen=True, kw_only=True)
class Stated:
    """The times that a shop states, with the days on which it and its carrier work."""

    zone: ZoneInfo
    cut_off: time
    handling_days: int
    scan_days: int | None = None
    transit_to: int | None = None
    refund_days: int | None = None
    waits_for_money: bool = False
    acknowledge_minutes: int | None = None
    paid_minutes: int | None = None
    warehouse: Hours | None = None
    """None works from Monday to Friday."""
    carrier: Hours | None = None


@dataclass(frozen=True, kw_only=True)
class OrderFacts:
    """What happened to one order, as far as its times go."""

    placed_at: datetime
    paid_at: datetime | None = None
    """When all of it was paid."""
    is_cancelled: bool = False
    shipped_at: datetime | None = None
    """When the last of its parcels was sent, as the shop or a carrier says."""
    first_scan_at: datetime | None = None
    """When the last of its parcels was in the carrier's hands, by a scan."""
    delivered_at: datetime | None = None
    """When the last of its parcels was delivered."""
    returned_at: datetime | None = None
    """When all of it had come back."""
    refunded_at: datetime | None = None
    acknowledged_at: datetime | None = None
    """When its customer was told that the order is here."""
    paid_confirmed_at: datetime | None = None
    """When they were told that their money is."""


@dataclass(frozen=True, kw_only=True)
class Dated:
    """One thing that is promised of an order: from when it counts, until when, and when it was."""

    kind: str
    since: datetime
    due_at: datetime
    done_at: datetime | None = None


def dates_of(facts: OrderFacts, stated: Stated) -> Sequence[Dated]:
    """All that a shop's stated times promise of an order."""
    found = _confirmations(facts, stated)
    since = facts.paid_at if stated.waits_for_money else facts.placed_at
    if since is not None:
        sent = sent_on(since, stated)
        found.append(_by(SHIPPED, since, sent, stated, facts.shipped_at))
        if stated.scan_days is not None:
            day = working_day_after(sent, stated.scan_days, stated.carrier)
            found.append(_by(FIRST_SCAN, since, day, stated, facts.first_scan_at))
        if stated.transit_to is not None:
            day = working_day_after(sent, stated.transit_to, stated.carrier)
            found.append(_by(DELIVERED, since, day, stated, facts.delivered_at))
    if stated.refund_days is not None and facts.returned_at is not None:
        day = _day_of(facts.returned_at, stated) + timedelta(days=stated.refund_days)
        found.append(_by(REFUND, facts.returned_at, day, stated, facts.refunded_at))
    return found


def _confirmations(facts: OrderFacts, stated: Stated) -> list[Dated]:
    """What a customer is to be told: counted by the clock, whether anybody works or not."""
    asked = (
        (ACKNOWLEDGED, facts.placed_at, stated.acknowledge_minutes, facts.acknowledged_at),
        (PAID_CONFIRMED, facts.paid_at, stated.paid_minutes, facts.paid_confirmed_at),
    )
    return [
        Dated(kind=kind, since=since, due_at=since + timedelta(minutes=minutes), done_at=done_at)
        for kind, since, minutes, done_at in asked
        if since is not None and minutes is not None
    ]


def begins_on(since: datetime, stated: Stated) -> date:
    """The working day whose work an order is: that of its coming in, or the next after cut-off."""
    local = since.astimezone(stated.zone)
    if local.time() <= stated.cut_off and is_working(local.date(), stated.warehouse):
        return local.date()
    return working_day_after(local.date(), 1, stated.warehouse)


def sent_on(since: datetime, stated: Stated) -> date:
    """The day by whose end an order is to be sent."""
    return working_day_after(begins_on(since, stated), stated.handling_days, stated.warehouse)


def working_day_after(day: date, count: int, hours: Hours | None) -> date:
    """So many working days later; with none, the same day."""
    left = count
    for ahead in range(1, LOOKS_AHEAD):
        if not left:
            break
        following = day + timedelta(days=ahead)
        left -= is_working(following, hours)
        if not left:
            return following
    return day + timedelta(days=count)


def is_working(day: date, hours: Hours | None) -> bool:
    """Whether any of its hours is worked."""
    if hours is None:
        return day.weekday() < 5
    if not hours.shifts_on(day):
        return False
    if not hours.closures:
        return True
    begins_at = datetime.combine(day, time(), hours.zone).astimezone(UTC)
    ends_at = datetime.combine(day + timedelta(days=1), time(), hours.zone).astimezone(UTC)
    return bool(hours.counted(begins_at, ends_at))


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a day, as the shop's clock shows it."""
    return datetime.combine(day, LAST_SECOND, zone).astimezone(UTC)


def _day_of(at: datetime, stated: Stated) -> date:
    return at.astimezone(stated.zone).date()


def _by(kind: str, since: datetime, day: date, stated: Stated, done_at: datetime | None) -> Dated:
    return Dated(kind=kind, since=since, due_at=end_of(day, stated.zone), done_at=done_at)
