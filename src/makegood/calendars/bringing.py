"""Different days out of a calendar file: looked over first, taken in, and taken back."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

import makegood
from makegood.calendars.actions import Wish, save_calendar
from makegood.calendars.hours import Shift, Span
from makegood.calendars.ical import LARGEST, LONGEST_DAYS
from makegood.calendars.models import Calendar
from makegood.calendars.reading import restored
from makegood.kit.errors import Refused
from makegood.kit.text import one_line
from makegood.ledger.actors import Actor

WALL_SECONDS = 15
FIRST_YEAR, LAST_YEAR = 1900, 9000
"""Farther away a moment has no name any more by the clock of every zone."""
_GAP = "|"


@dataclass(frozen=True, order=True)
class Brought:
    """One line of a file: days that are closed, or a stretch of time by the shop's clock."""

    begins: str
    ends: str
    words: str
    is_all_day: bool
    is_free: bool = False
    is_there: bool = False
    """The opening hours hold it already."""

    @property
    def value(self) -> str:
        return _GAP.join((self.begins, self.ends, self.words))

    @classmethod
    def read(cls, value: str) -> Self:
        """What a form gives back; a `ValueError` where it is none of ours."""
        begins, ends, words = value.split(_GAP, 2)
        is_all_day = len(begins) == len("2026-12-24")
        if is_all_day != (len(ends) == len("2026-12-24")):
            raise ValueError(value[:60])
        one = cls(begins, ends, one_line(words, 120), is_all_day)
        first, last = datetime.fromisoformat(begins), datetime.fromisoformat(ends)
        longest = timedelta(days=LONGEST_DAYS if is_all_day else 366)
        if first.tzinfo or last.tzinfo or not timedelta() <= last - first <= longest:
            raise ValueError(value[:60])
        if not FIRST_YEAR <= first.year <= LAST_YEAR:
            raise ValueError(value[:60])
        return one

    def days(self) -> list[date]:
        first, last = date.fromisoformat(self.begins), date.fromisoformat(self.ends)
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]

    def span(self, zone: ZoneInfo) -> Span:
        begins_at, ends_at = (
            datetime.fromisoformat(said).replace(tzinfo=zone).astimezone(UTC)
            for said in (self.begins, self.ends)
        )
        return Span(begins_at, ends_at)


@dataclass(frozen=True)
class Look:
    """What a file would bring."""

    name: str
    lines: tuple[Brought, ...]
    left_out: dict[str, int]


def look_into_file(raw: bytes, calendar: Calendar, now: datetime) -> Look:
    """The days ahead that a calendar file names. Refused where it is none, or too much."""
    zone = ZoneInfo(calendar.zone)
    found = _asked_apart(raw, zone, now.astimezone(zone).date())
    if "refused" in found:
        raise Refused(_why(found["refused"]))
    own = {day.on for day in calendar.days.all()}
    spans = {(one.begins_at, one.ends_at) for one in calendar.closures.all()}
    lines = []
    for event in found["events"]:
        line = Brought(**event)
        if line.is_all_day:
            is_there = own.issuperset(line.days())
        else:
            span = line.span(zone)
            is_there = (span.begins_at, span.ends_at) in spans or span.length <= timedelta()
        lines.append(Brought(**event, is_there=is_there))
    return Look(found["name"], tuple(lines), found["left_out"])


def _asked_apart(raw: bytes, zone: ZoneInfo, today: date) -> dict[str, Any]:
    """The answer of the process that reads the file: little time, no secrets."""
    if len(raw) > LARGEST:
        return {"refused": "large"}
    source = str(Path(makegood.__file__).parent.parent)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "makegood.calendars.ical", zone.key, today.isoformat()],
            input=raw,
            capture_output=True,
            timeout=WALL_SECONDS,
            env={"PYTHONPATH": source, "PATH": os.defpath},
            check=True,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        return {"refused": "long"}
    return answer


def _why(word: str) -> str:
    return {
        "large": _("This file is larger than a calendar of days has to be."),
        "deep": _("This file is not built like a calendar."),
        "many": _("This calendar holds more events than opening hours can."),
        "other": _("This is not a calendar file (.ics)."),
        "broken": _("This calendar file is damaged."),
    }.get(word, _("Reading this file takes too long: an event in it repeats without end."))


@transaction.atomic
def take_days(calendar: Calendar, lines: Iterable[Brought], *, by: Actor) -> Sequence[Brought]:
    """Close the days and the times of a file. Days that are different already stay as they are."""
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    zone = ZoneInfo(calendar.zone)
    wish = _wish(calendar)
    days, closures = dict(wish.days), list(wish.closures)
    taken = []
    for line in lines:
        if not line.is_all_day:
            if line.span(zone).length > timedelta() and line.span(zone) not in dict(closures):
                closures.append((line.span(zone), line.words))
                taken.append(line)
            continue
        for day in line.days():
            if day not in days:
                days[day] = ((), line.words)
                taken.append(Brought(str(day), str(day), line.words, is_all_day=True))
    if taken:
        save_calendar(calendar, _with(wish, days, closures), by=by)
    return taken


@transaction.atomic
def leave_days(calendar: Calendar, lines: Iterable[Brought], *, by: Actor) -> int:
    """Take back what was taken in, where nobody changed it since."""
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    zone = ZoneInfo(calendar.zone)
    wish = _wish(calendar)
    days, closures = dict(wish.days), list(wish.closures)
    before = len(days) + len(closures)
    for line in lines:
        if not line.is_all_day:
            closures = [one for one in closures if one != (line.span(zone), line.words)]
            continue
        for day in line.days():
            if days.get(day) == ((), line.words):
                del days[day]
    left = before - len(days) - len(closures)
    if left:
        save_calendar(calendar, _with(wish, days, closures), by=by)
    return left


def _wish(calendar: Calendar) -> Wish:
    """These opening hours as they are."""
    return Wish(
        name=calendar.name,
        zone=calendar.zone,
        week=[restored(shifts) for shifts in calendar.week],
        country=calendar.country,
        region=calendar.region,
        is_standard=calendar.is_standard,
        days={day.on: (restored(day.shifts), day.words) for day in calendar.days.all()},
        closures=[(Span(one.begins_at, one.ends_at), one.words) for one in calendar.closures.all()],
        whose=[use.whose for use in calendar.uses.all()],
    )


def _with(
    wish: Wish,
    days: dict[date, tuple[Sequence[Shift], str]],
    closures: list[tuple[Span, str]],
) -> Wish:
    return Wish(**{**vars(wish), "days": days, "closures": closures})
