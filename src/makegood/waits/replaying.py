"""A history told again, wait by wait, each foreseen with what was known at its moment."""

import heapq
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from makegood.calendars.hours import Hours
from makegood.waits.curves import Counted, Curve, Outcome, curve_of, kind_of, quantiles
from makegood.waits.learning import WEEKS
from makegood.waits.measuring import Answer, Tally
from makegood.waits.outcomes import LATEST

LEARNS_EVERY = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Lived:
    """One wait of a history: when it began, when it was answered, and by whom."""

    began_at: datetime
    ended_at: datetime
    agent: int
    here: int | None = None
    """How many were at the desk when it began."""


@dataclass(kw_only=True)
class Told:
    """What would have been told of it; `None` where nothing would."""

    lived: Lived
    ahead: int
    factor: float
    median_seconds: float
    most_seconds: float
    ratio: float | None = None

    @property
    def seconds(self) -> float:
        return (self.lived.ended_at - self.lived.began_at).total_seconds()


@dataclass(kw_only=True)
class Replay:
    """A desk of one inbox that lives through a history in order."""

    zone: ZoneInfo
    hours: Hours | None = None
    told: list[Told] = field(default_factory=list)
    silent: int = 0
    """How often nothing could be said."""
    _tally: Tally = field(default_factory=Tally)
    _curve: Curve | None = None
    _learned_at: datetime | None = None
    _previous: datetime | None = None
    _waiting: int = 0
    _open: dict[int, Told] = field(default_factory=dict)
    _latest: deque[Told] = field(default_factory=lambda: deque(maxlen=LATEST))
    _outcomes: dict[int, list[Outcome]] = field(default_factory=dict)

    def run(self, history: Iterable[Lived]) -> Sequence[Told]:
        for at, number, lived in _in_order(history):
            if self._learned_at is None or at - self._learned_at >= LEARNS_EVERY:
                self._learn(at)
            if number >= 0:
                self._begin(number, lived)
            else:
                self._end(~number, lived)
        return self.told

    def _begin(self, number: int, lived: Lived) -> None:
        ahead, self._waiting = self._waiting, self._waiting + 1
        if self._curve is None:
            self.silent += 1
            return
        factor = self._curve.factor(lived.here, lived.began_at)
        wanted = [(ahead + 1) * one for one in quantiles(ahead, self._outcomes)]
        median, most = self._curve.moments(lived.began_at, wanted, factor)
        if median is None or most is None:
            self.silent += 1
            return
        told = Told(
            lived=lived,
            ahead=ahead,
            factor=factor,
            median_seconds=(median - lived.began_at).total_seconds(),
            most_seconds=(most - lived.began_at).total_seconds(),
        )
        self.told.append(told)
        self._latest.append(told)
        self._open[number] = told

    def _end(self, number: int, lived: Lived) -> None:
        self._waiting -= 1
        told = self._open.pop(number, None)
        if told is not None and self._curve is not None:
            done = self._curve.work(lived.began_at, lived.ended_at, told.factor)
            told.ratio = done / (told.ahead + 1)
        length = (
            self.hours.counted(lived.began_at, lived.ended_at)
            if self.hours
            else lived.ended_at - lived.began_at
        )
        one = Answer(
            inbox=0,
            team=0,
            agent=lived.agent,
            began_at=lived.began_at,
            ended_at=lived.ended_at,
            open_seconds=round(length.total_seconds()),
        )
        self._tally.answer(one, self.zone)
        self._tally.pace(one, self._previous, self.hours, self.zone)
        self._previous = lived.ended_at

    def _learn(self, now: datetime) -> None:
        self._learned_at = now
        first = (now - timedelta(weeks=WEEKS)).date()
        recent = [
            Counted(
                slot=key[3],
                answers=one.answers,
                busy_seconds=one.busy_seconds,
                agents=len(one.agents),
            )
            for key, one in self._tally.hours.items()
            if key[2] > first
        ]
        self._curve = curve_of(recent, self.hours, self.zone)
        if self._curve is None:
            return
        found = defaultdict(list)
        for told in self._latest:
            ratio = told.ratio
            if ratio is None:
                done = self._curve.work(told.lived.began_at, now, told.factor)
                ratio = done / (told.ahead + 1)
            is_over = told.ratio is not None
            found[kind_of(told.ahead)].append(
                Outcome(ahead=told.ahead, ratio=ratio, is_over=is_over)
            )
        self._outcomes = found


def _in_order(history: Iterable[Lived]) -> Iterator[tuple[datetime, int, Lived]]:
    """Beginnings and ends by their moments; an end has its number turned around."""
    ends: list[tuple[datetime, int, Lived]] = []
    for number, lived in enumerate(sorted(history, key=lambda one: one.began_at)):
        while ends and ends[0][0] <= lived.began_at:
            yield heapq.heappop(ends)
        yield lived.began_at, number, lived
        heapq.heappush(ends, (lived.ended_at, ~number, lived))
    while ends:
        yield heapq.heappop(ends)
