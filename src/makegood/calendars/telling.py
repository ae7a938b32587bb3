"""Opening hours in words: whether somebody is there, and when that changes."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import formats

from makegood.calendars.hours import Hours, NeverOpen


@dataclass(frozen=True)
class State:
    """Whether somebody is there now; and until or from when, by the hours' own clock, in words.

    The words are empty where that never changes. `where` is the place whose clock that is.
    """

    is_open: bool
    when: str
    where: str


def state_of(hours: Hours, now: datetime) -> State:
    where = hours.zone.key.rpartition("/")[2].replace("_", " ")
    try:
        is_open = hours.is_open(now)
        changes_at = hours.closes_next(now) if is_open else hours.opens_next(now)
    except NeverOpen:
        return State(is_open=False, when="", where=where)
    return State(is_open, moment_in_words(changes_at, now, hours.zone) if changes_at else "", where)


def moment_in_words(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """`17:00` today, `Monday 9:00` within the week, else the date with its time."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    clock = formats.time_format(local.time(), "G:i")
    if local.date() == today:
        return clock
    if (local.date() - today).days < 7:
        return f"{formats.date_format(local.date(), 'l')} {clock}"
    return f"{day_in_words(local.date())} {clock}"


def day_in_words(day: date) -> str:
    return formats.date_format(day, "D j M Y")
