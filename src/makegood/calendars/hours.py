"""Time counted by opening hours: exact to the second, whatever a zone's clocks do.

A shift belongs to the day on which it begins. It begins at the first moment whose wall clock
shows its beginning or later, and ends with the last moment whose wall clock shows earlier than
its end: an hour that comes twice is worked twice, one that is left out is not worked.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import takewhile
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
SECOND = timedelta(seconds=1)
LOOKS_AHEAD = 366 * 5
"""Days. Hours that do not open within five years never do."""
ALWAYS = timedelta(days=31)
"""Who does not close within a month is taken to be there always."""


class NeverOpen(Exception):
    """These hours hold no such time ahead."""


@dataclass(frozen=True, order=True)
class Shift:
    """From one minute of a day to another; an end beyond 1,440 lies on the next day."""

    begins: int
    ends: int

    def __post_init__(self) -> None:
        if not 0 <= self.begins < DAY_MINUTES or not 0 < self.ends - self.begins <= DAY_MINUTES:
            raise ValueError(f"No shift runs from minute {self.begins} to {self.ends}.")


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of time, its end not in it. Both in UTC."""

    begins_at: datetime
    ends_at: datetime

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.begins_at


@dataclass(frozen=True)
class Hours:
    """When somebody is there.

    `week` holds the shifts of Monday to Sunday. A date in `days` has these shifts instead and
    none else, so one with no shifts is closed. `closures` take out of all of them what they cover.
    """

    zone: ZoneInfo
    week: tuple[tuple[Shift, ...], ...]
    days: Mapping[date, tuple[Shift, ...]] = field(default_factory=dict)
    closures: tuple[Span, ...] = ()

    def without(self, closures: tuple[Span, ...]) -> "Hours":
        """The same hours, with more taken out of them: the rests of a clock, say."""
        return Hours(self.zone, self.week, self.days, (*self.closures, *closures))

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        own = self.days.get(day)
        return self.week[day.weekday()] if own is None else own

    def spans(self, since: datetime) -> Iterator[Span]:
        """Every stretch from this moment on, in order. One may touch the next."""
        reached, closures = since, deque(sorted(self.closures))
        first = since.astimezone(self.zone).date() - timedelta(days=2)
        for number in range(LOOKS_AHEAD):
            day = first + timedelta(days=number)
            for shift in sorted(self.shifts_on(day)):
                span = span_of(day, shift, self.zone)
                if span.ends_at > reached:
                    begins_at = max(span.begins_at, reached)
                    while closures and closures[0].ends_at <= begins_at:
                        closures.popleft()  # it lies behind all that comes
                    yield from what_is_left(begins_at, span.ends_at, closures)
                    reached = span.ends_at

    def spans_between(self, since: datetime, until: datetime) -> Iterator[Span]:
        for span in takewhile(lambda span: span.begins_at < until, self.spans(since)):
            yield Span(span.begins_at, min(span.ends_at, until))

    def is_open(self, at: datetime) -> bool:
        return any(True for _span in self.spans_between(at, at + SECOND / 1000))

    def opens_next(self, at: datetime) -> datetime:
        """The first moment from this one on when somebody is there."""
        for span in self.spans(at):
            return span.begins_at
        raise NeverOpen

    def closes_next(self, at: datetime) -> datetime | None:
        """When the stretch ends that runs now, or the next one; None where it never ends."""
        for span in joined(self.spans_between(at, at + ALWAYS)):
            return span.ends_at if span.ends_at < at + ALWAYS else None
        raise NeverOpen

    def counted(self, since: datetime, until: datetime) -> timedelta:
        """How much time of these hours lies between two moments."""
        between = self.spans_between(since, until)
        return sum((span.length for span in between), timedelta())

    def after(self, since: datetime, length: timedelta) -> datetime:
        """The moment when this much time of these hours will have run.

        It is the end of the last second counted: eight hours from the evening on end at closing
        time of the next day, not at the opening of the day after.
        """
        return self.counting(since, length)[-1].ends_at if length else since

    def counting(self, since: datetime, length: timedelta) -> list[Span]:
        """The stretches which that much time is made of."""
        return list(joined(self._counting(since, length)))

    def _counting(self, since: datetime, length: timedelta) -> Iterator[Span]:
        for span in self.spans(since):
            rest = min(length, span.length)
            yield Span(span.begins_at, span.begins_at + rest)
            length -= rest
            if not length:
                return
        raise NeverOpen


def what_is_left(
    begins_at: datetime, ends_at: datetime, closures: Iterable[Span]
) -> Iterator[Span]:
    """A stretch without what is closed, the closures in their order."""
    for closed in closures:
        if closed.begins_at >= ends_at:
            break
        if closed.ends_at <= begins_at:
            continue
        if closed.begins_at > begins_at:
            yield Span(begins_at, closed.begins_at)
        begins_at = closed.ends_at
    if begins_at < ends_at:
        yield Span(begins_at, ends_at)


def joined(spans: Iterable[Span]) -> Iterator[Span]:
    """The same stretches; those that touch are one."""
    running: Span | None = None
    for span in spans:
        if running is not None and span.begins_at == running.ends_at:
            running = Span(running.begins_at, span.ends_at)
            continue
        if running is not None:
            yield running
        running = span
    if running is not None:
        yield running


@lru_cache(maxsize=4096)
def span_of(day: date, shift: Shift, zone: ZoneInfo) -> Span:
    """When a shift really runs on a day. Nothing of it may be left where clocks went forward."""
    midnight = datetime.combine(day, time())
    begins_at = first_at(midnight + timedelta(minutes=shift.begins), zone)
    ends_at = last_before(midnight + timedelta(minutes=shift.ends), zone)
    return Span(begins_at, max(begins_at, ends_at))


def first_at(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment whose wall clock shows this time or later."""
    earlier, later = sorted(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if _shown(earlier, zone) == wall:
        return earlier
    return later if _shown(later, zone) == wall else _jump(earlier, later, zone)


def last_before(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment after the last one whose wall clock shows an earlier time than this."""
    earlier, later = sorted(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if _shown(later, zone) != wall:
        return first_at(wall, zone)
    return later if _shown(later - SECOND, zone) < wall else earlier


def _shown(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def _jump(earlier: datetime, later: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the clock jumps over a time that it never shows."""
    before = earlier.astimezone(zone).utcoffset()
    while later - earlier > SECOND:
        middle = earlier + (later - earlier) / 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            earlier = middle
        else:
            later = middle
    return later
