"""Days out of an iCalendar file, read in a process of its own: python -m makegood.calendars.ical

Foreign bytes come in, JSON goes out. Nothing is fetched, no database is near, and the process may
use little memory and little time: a rule that repeats without end ends this process and no other.
Time zones are those that this machine knows; how a file describes its own is not followed.
"""

import json
import resource
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rruleset, rrulestr
from icalendar import Calendar

LARGEST = 1024 * 1024
"""Bytes."""
MOST_LINES = 40_000
MOST_EVENTS = 2_000
MOST_TIMES = 500
"""One event may happen."""
MOST_FOUND = 1_000
YEARS_AHEAD = 2
LONGEST_DAYS = 60
CPU_SECONDS = 4
MEMORY_BYTES = 512 * 1024 * 1024
_RARE = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_DAY = timedelta(days=1)


class Unreadable(Exception):
    """Not a calendar, or not one that we read. Its word says why."""


@dataclass(frozen=True, order=True)
class Event:
    """Days from the first to the last, or from one moment to another where it has times."""

    begins: str
    ends: str
    words: str
    is_all_day: bool
    is_free: bool
    """Marked in the file as time that is not taken."""


@dataclass
class Read:
    """What one file says."""

    name: str = ""
    events: list[Event] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    """Why something was left out, and how often."""

    def leave_out(self, why: str) -> None:
        self.left_out[why] = self.left_out.get(why, 0) + 1


def read_ical(raw: bytes, zone: ZoneInfo, today: date) -> Read:
    """The days ahead that a file names, in order, repeated ones for two years."""
    text = _without_zones(raw)
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except (ValueError, IndexError, KeyError, AttributeError, TypeError) as error:
        raise Unreadable("broken") from error
    events = [event for one in calendars for event in one.walk("VEVENT")]
    if len(events) > MOST_EVENTS:
        raise Unreadable("many")
    found = Read(name=str(calendars[0].get("X-WR-CALNAME", ""))[:120] if calendars else "")
    moved = _moved(events)
    for event in events:
        try:
            _take(event, moved, found, _Window(zone, today))
        except (ValueError, TypeError, AttributeError, KeyError, OverflowError):
            found.leave_out("broken")
    if len(found.events) > MOST_FOUND:
        found.leave_out("many")
    found.events = sorted(set(found.events))[:MOST_FOUND]
    return found


@dataclass(frozen=True)
class _Window:
    """Which days count, and by whose clock."""

    zone: ZoneInfo
    today: date

    @property
    def last(self) -> date:
        return self.today + timedelta(days=366 * YEARS_AHEAD)


def _without_zones(raw: bytes) -> str:
    """The text without its descriptions of time zones: they are rules that repeat, too."""
    if len(raw) > LARGEST:
        raise Unreadable("large")
    lines = raw.decode("utf-8-sig", "replace").splitlines()
    if len(lines) > MOST_LINES:
        raise Unreadable("large")
    kept, depth = [], 0
    inside_zone = False
    for line in lines:
        word = line.strip().upper()
        inside_zone = inside_zone or word == "BEGIN:VTIMEZONE"
        if not inside_zone:
            kept.append(line)
            depth += word.startswith("BEGIN:") - word.startswith("END:")
        if word == "END:VTIMEZONE":
            inside_zone = False
        if depth > 4:
            raise Unreadable("deep")
    if not any(line.strip().upper() == "BEGIN:VCALENDAR" for line in kept[:20]):
        raise Unreadable("other")
    return "\r\n".join(kept) + "\r\n"


def _moved(events: list[Any]) -> dict[str, list[Any]]:
    """Of repeated events, which of their times were moved and stand by themselves."""
    moved: dict[str, list[Any]] = {}
    for event in events:
        if event.get("RECURRENCE-ID") is not None:
            moved.setdefault(str(event.get("UID", "")), []).append(event["RECURRENCE-ID"].dt)
    return moved


def _take(event: Any, moved: dict[str, list[Any]], found: Read, window: _Window) -> None:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return found.leave_out("cancelled")
    begins = event["DTSTART"].dt
    length = _length(event, begins)
    is_all_day = not isinstance(begins, datetime)
    if is_all_day and length > LONGEST_DAYS * _DAY:
        return found.leave_out("long")
    words = " ".join(str(event.get("SUMMARY", "")).split())[:120]
    is_free = str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
    hidden = [] if "RECURRENCE-ID" in event else moved.get(str(event.get("UID", "")), [])
    for number, moment in enumerate(_times(event, begins, hidden, window, found)):
        if number >= MOST_TIMES:
            return found.leave_out("often")
        one = _event(moment, length, window, is_all_day=is_all_day)
        if one and one[1] >= window.today.isoformat():
            found.events.append(Event(*one, words, is_all_day, is_free))
    return None


def _length(event: Any, begins: Any) -> timedelta:
    if "DTEND" in event:
        ends = event["DTEND"].dt
        if isinstance(ends, datetime) != isinstance(begins, datetime):
            raise ValueError("ends otherwise than it begins")
        if isinstance(ends, datetime) and (ends.tzinfo is None) != (begins.tzinfo is None):
            ends = ends.replace(tzinfo=begins.tzinfo)
        length = ends - begins
    elif "DURATION" in event:
        length = event["DURATION"].dt
    else:
        length = timedelta() if isinstance(begins, datetime) else _DAY
    return max(timedelta(length.days, length.seconds), timedelta())


def _times(
    event: Any, begins: Any, hidden: list[Any], window: _Window, found: Read
) -> Iterator[datetime]:
    """When it begins, each time, by the shop's clocks. It repeats by the clocks of its own zone."""
    own = getattr(begins, "tzinfo", None) or window.zone
    first = _wall(begins, own)
    rules = event.get("RRULE")
    rules = rules if isinstance(rules, list) else [rules] if rules else []
    extra = list(_dates(event.get("RDATE"), own))
    if not rules and not extra:
        yield _shown(first, own, window, begins)
        return
    repeated = rruleset()
    repeated.rdate(first)
    for rule in rules:
        if str((rule.get("FREQ") or [""])[0]).upper() not in _RARE:
            return found.leave_out("often")
        repeated.rrule(_rule(rule, first, begins))
    for moment in extra:
        repeated.rdate(moment)
    for moment in (*_dates(event.get("EXDATE"), own), *hidden):
        repeated.exdate(_wall(moment, own))
    since = datetime.combine(window.today - LONGEST_DAYS * _DAY, time())
    for moment in repeated.between(since, datetime.combine(window.last, time()), inc=True):
        yield _shown(moment, own, window, begins)


def _shown(moment: datetime, own: Any, window: _Window, begins: Any) -> datetime:
    if not isinstance(begins, datetime):
        return moment
    return moment.replace(tzinfo=own).astimezone(window.zone).replace(tzinfo=None)


def _rule(rule: Any, first: datetime, begins: Any) -> Any:
    """A rule by the wall clock; its end, said in UTC, is said by that clock, too."""
    plain = dict(rule)
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND", "UNTIL"):
        plain.pop(name, None)
    until = (rule.get("UNTIL") or [None])[0]
    said = type(rule)(plain).to_ical().decode()
    if until is not None:
        zone = getattr(begins, "tzinfo", None)
        if isinstance(until, datetime) and until.tzinfo and zone:
            until = until.astimezone(zone)
        if not isinstance(until, datetime):
            until = datetime.combine(until, time(23, 59, 59))
        said += f";UNTIL={until.replace(tzinfo=None):%Y%m%dT%H%M%S}"
    return rrulestr(said, dtstart=first)


def _dates(kept: Any, zone: Any) -> Iterator[datetime]:
    for one in kept if isinstance(kept, list) else [kept] if kept else []:
        for moment in one.dts:
            value = moment.dt[0] if isinstance(moment.dt, tuple) else moment.dt
            yield _wall(value, zone)


def _wall(moment: Any, zone: Any) -> datetime:
    """A moment as the clocks of a zone show it; one without a zone is by them already."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    return moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment


def _event(
    moment: datetime, length: timedelta, window: _Window, *, is_all_day: bool
) -> tuple[str, str] | None:
    if moment.date() > window.last:
        return None
    if is_all_day:
        last = moment + max(length, _DAY) - _DAY
        return moment.date().isoformat(), last.date().isoformat()
    ends = moment + length
    if ends <= moment:
        return None
    return f"{moment:%Y-%m-%d %H:%M}", f"{ends:%Y-%m-%d %H:%M}"


def main() -> None:
    """Read from stdin what the first arguments say: the zone and today's date."""
    for limit, value in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    try:
        zone = ZoneInfo(sys.argv[1])
        found = read_ical(sys.stdin.buffer.read(LARGEST + 1), zone, date.fromisoformat(sys.argv[2]))
        answer: dict[str, Any] = asdict(found)
    except (Unreadable, ZoneInfoNotFoundError) as error:
        answer = {"refused": str(error)}
    except (MemoryError, RecursionError):
        answer = {"refused": "large"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
