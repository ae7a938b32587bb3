"""What somebody means by “Thursday noon” or “within two business days”: the moment it is due."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from makegood.calendars.hours import Hours, NeverOpen, first_at

WITHOUT_HOURS = time(18)
"""The end of a day where the shop has not said when somebody is there."""
END_OF_DAY = time(23, 59)
EVENING = time(20)
NOON = time(12)
FURTHEST = timedelta(days=400)
NO_YEAR = 4
"""What a date has whose year was not said: it knows 29 February."""
NOT_LONG_AGO = timedelta(days=90)
_LOOKS_AHEAD = 60  # days
_FRIDAY = 4


@dataclass(frozen=True)
class Clock:
    """By when of a day: a time, or `morning`, `noon`, `afternoon`, `evening`, `close`, `first`."""

    hour: int = 0
    minute: int = 0
    part: str = ""
    is_twelve_hours: bool = False
    """Said without telling morning from afternoon."""


@dataclass(frozen=True)
class Day:
    """Which day: one of `in_days`, `weekday`, `on`, `of_month`, `week`, `month`, `weekend`."""

    kind: str
    number: int = 0
    week: int = 0
    """0 where only the nearest is meant; 1 is this week, 2 the next."""
    place: str = "end"
    """Of a week: its start, middle or end. Of a weekend: before, over, after."""
    on: date | None = None


@dataclass(frozen=True)
class Length:
    """How long from now: so many minutes, hours, days, working days."""

    count: float
    unit: str
    is_of_hours: bool = False


@dataclass(frozen=True)
class When:
    """A time as it was said. `before` leaves out the day that is named."""

    day: Day | None = None
    clock: Clock | None = None
    length: Length | None = None
    is_before: bool = False


@dataclass(frozen=True)
class Here:
    """Where and when something is said, and when somebody is there."""

    now: datetime
    zone: ZoneInfo
    hours: Hours | None = None

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def at(self, day: date, clock: time) -> datetime:
        return first_at(datetime.combine(day, clock), self.zone)

    def opened(self, day: date) -> tuple[datetime, datetime] | None:
        """From when until when somebody is there on a day; nothing where nobody is."""
        if self.hours is None:
            return self.at(day, time(9)), self.at(day, WITHOUT_HOURS)
        begins_at = first_at(datetime.combine(day, time()), self.hours.zone)
        ends_at = first_at(datetime.combine(day + timedelta(days=1), time()), self.hours.zone)
        spans = list(self.hours.spans_between(begins_at, ends_at))
        return (spans[0].begins_at, spans[-1].ends_at) if spans else None

    def works(self, day: date) -> bool:
        return day.weekday() <= _FRIDAY if self.hours is None else self.opened(day) is not None

    def close_of(self, day: date) -> datetime:
        opened, last = self.opened(day), self.at(day, END_OF_DAY)
        if opened is None or opened[1] <= self.now:
            return last
        return min(opened[1], last)

    def working_day(self, since: date, count: int) -> date:
        """The nth day after this one, or before it, on which somebody is there."""
        step = timedelta(days=1 if count > 0 else -1)
        day, left = since, abs(count)
        for _number in range(_LOOKS_AHEAD * 7):
            day += step
            left -= self.works(day)
            if not left:
                return day
        raise NeverOpen


def due_at(when: When, here: Here) -> datetime | None:
    """The moment, in UTC; nothing where it is past, too far away or never."""
    try:
        found = _after(when.length, here) if when.length else _on(when, here)
    except (ValueError, OverflowError, NeverOpen):
        return None
    if found is None or not here.now < found <= here.now + FURTHEST:
        return None
    return found.astimezone(UTC)


def _after(length: Length, here: Here) -> datetime:
    count, unit = length.count, length.unit
    if unit in ("minutes", "hours"):
        span = timedelta(**{unit: count})
        if length.is_of_hours and here.hours is not None:
            return here.hours.after(here.now, span)
        return here.now + span
    if length.is_of_hours:
        return here.close_of(here.working_day(here.today, int(count)))
    days = {"days": 1, "weeks": 7, "months": 30}[unit]
    return here.close_of(here.today + timedelta(days=int(count * days)))


def _on(when: When, here: Here) -> datetime | None:
    day = _day(when.day, here) if when.day else here.today
    if day is None:
        return None
    if when.is_before and when.day and not when.clock:
        day = here.working_day(day, -1)
    if when.clock is None:
        return here.close_of(day)
    found = _at(when.clock, day, here)
    if when.day is None and found <= here.now:  # only a time was said, and it is past
        return _at(when.clock, day + timedelta(days=1), here)
    return found


def _at(clock: Clock, day: date, here: Here) -> datetime:
    if clock.part == "first":
        opened = here.opened(day)
        return opened[0] + timedelta(hours=1) if opened else here.at(day, NOON)
    if clock.part == "afternoon":
        close = here.close_of(day)
        return close if close > here.at(day, time(13)) else here.at(day, WITHOUT_HOURS)
    if clock.part == "close":
        return here.close_of(day)
    if clock.part:
        named = {"morning": NOON, "noon": NOON, "evening": EVENING, "midnight": END_OF_DAY}
        return here.at(day, named[clock.part])
    hour = clock.hour
    if clock.is_twelve_hours and (
        hour < 7 or (hour < 12 and here.at(day, time(hour, clock.minute)) <= here.now)
    ):
        hour += 12
    return here.at(day, time(hour, clock.minute))


def _day(day: Day, here: Here) -> date | None:
    today = here.today
    monday = today - timedelta(days=today.weekday())
    if day.kind == "in_days":
        return today + timedelta(days=day.number)
    if day.kind == "on":
        return _dated(day.on, today) if day.on else None
    if day.kind == "of_month":
        return _of_month(day.number, today)
    if day.kind == "month":
        return _end_of_month(today, day.number)
    if day.kind == "weekend":
        offset = {"before": 4, "over": 6, "after": 7}[day.place]
        return monday + timedelta(days=offset)
    if day.kind == "week":
        return _of_week(monday + timedelta(days=7 * (day.week - 1)), day.place, here)
    if day.week:
        return monday + timedelta(days=day.number + 7 * (day.week - 1))
    return today + timedelta(days=(day.number - today.weekday() - 1) % 7 + 1)


def _of_week(monday: date, place: str, here: Here) -> date:
    """Tuesday is the start of a week, Wednesday its middle; its end the last day with hours."""
    if place != "end":
        return monday + timedelta(days=1 if place == "start" else 2)
    days = [monday + timedelta(days=number) for number in range(7)]
    open_days = [day for day in days if here.works(day)]
    return open_days[-1] if open_days else days[-1]


def _dated(on: date, today: date) -> date:
    """The day itself; where no year was said (it is 4), this year's or the next one's."""
    if on.year != NO_YEAR:
        return on
    found = on.replace(year=today.year)
    return found if found >= today - NOT_LONG_AGO else on.replace(year=today.year + 1)


def _of_month(number: int, today: date) -> date | None:
    """The next day with this number."""
    for ahead in range(1, _LOOKS_AHEAD + 2):
        day = today + timedelta(days=ahead)
        if day.day == number:
            return day
    return None


def _end_of_month(today: date, ahead: int) -> date:
    first = today.replace(day=1)
    for _number in range(ahead + 1):
        first = (first + timedelta(days=32)).replace(day=1)
    return first - timedelta(days=1)
