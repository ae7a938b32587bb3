"""How many answers an inbox gives in an hour of the week, and what that means for who waits.

The wait of somebody with n before them is the time until n + 1 answers were given. With answers
that come as they come, at a rate that changes over the week, the work done by then is gamma
distributed with n + 1 as its shape, in units of usual answers (the time-rescaling theorem; for
steady rates: Whitt, "Predicting Queueing Delays", Management Science 45:6, 1999). Desks are not
that regular: what was told before and what came of it says how far the real quantiles lie from
these (`quantiles`).
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from makegood.calendars.hours import Hours
from makegood.waits.measuring import by_the_hour, slot_of

ENOUGH = 20
"""Answers without which nothing is foreseen."""
SLOT_WEIGHT, DAY_WEIGHT = 0.5, 1.0
"""Busy hours: until there are more, the hour of any day, and all hours, say as much."""
HORIZON = timedelta(days=30)
HERE_LASTS = timedelta(hours=2)
"""For so long who is here now says more than who usually is."""
MEDIAN, MOST = 0.5, 0.9
REACHES = {MEDIAN: 0.5, MOST: 0.93}
"""Which quantile of what came is taken: a desk changes, and yesterday is a little too sure."""
NORMAL = {MEDIAN: 0.0, MOST: 1.2815516}
FEW = 8
"""With so many outcomes, they weigh as much as the formula."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What is known of one hour of one week."""

    slot: int
    answers: int
    busy_seconds: float
    agents: int


@dataclass(frozen=True, kw_only=True)
class Curve:
    """Answers an hour while somebody waits, for each of the 168 hours of a week."""

    rates: Sequence[float]
    agents: Sequence[float]
    """How many usually answer in that hour."""
    hours: Hours | None
    zone: ZoneInfo
    answers: int

    def factor(self, here: int | None, now: datetime) -> float:
        """How much faster it goes than usual, by who is here now."""
        usual = self.agents[slot_of(now, self.zone)[1]]
        if here is None or not usual:
            return 1.0
        return min(3.0, max(0.25, here / usual))

    def stretches(self, since: datetime, factor: float) -> Iterator[tuple[datetime, float, float]]:
        """From when, for how many seconds, with how many answers an hour."""
        ends_at = since + HORIZON
        spans = (
            ((span.begins_at, span.ends_at) for span in self.hours.spans_between(since, ends_at))
            if self.hours
            else iter([(since, ends_at)])
        )
        for begins, ends in spans:
            for at, seconds in by_the_hour(begins, ends, self.zone):
                rate = self.rates[slot_of(at, self.zone)[1]]
                is_soon = at - since < HERE_LASTS
                yield at, seconds, rate * factor if is_soon else rate

    def work(self, since: datetime, until: datetime, factor: float = 1.0) -> float:
        """How many usual answers fit between two moments."""
        done = 0.0
        for at, seconds, rate in self.stretches(since, factor):
            if at >= until:
                break
            done += rate * min(seconds, (until - at).total_seconds()) / 3600
        return done

    def moments(
        self, since: datetime, wanted: Sequence[float], factor: float = 1.0
    ) -> Sequence[datetime | None]:
        """When so much work will have been done; `wanted` grows. None: not within the horizon."""
        found: list[datetime | None] = []
        done = 0.0
        for at, seconds, rate in self.stretches(since, factor):
            more = rate * seconds / 3600
            while len(found) < len(wanted) and more > 0 and done + more >= wanted[len(found)]:
                share = (wanted[len(found)] - done) / more
                found.append(at + timedelta(seconds=seconds * max(0.0, share)))
            done += more
            if len(found) == len(wanted):
                break
        return [*found, *([None] * (len(wanted) - len(found)))]


def curve_of(counted: Iterable[Counted], hours: Hours | None, zone: ZoneInfo) -> Curve | None:
    """The curve that these hours make; nothing where they are too few to say."""
    answers, busy = [0.0] * 168, [0.0] * 168
    seen, agents = [0] * 168, [0.0] * 168
    for one in counted:
        answers[one.slot] += one.answers
        busy[one.slot] += one.busy_seconds / 3600
        if one.agents:
            seen[one.slot] += 1
            agents[one.slot] += one.agents
    total = int(sum(answers))
    if total < ENOUGH or not sum(busy):
        return None
    overall = sum(answers) / max(sum(busy), 1 / 60)
    by_hour = [
        (sum(answers[hour::24]) + DAY_WEIGHT * overall) / (sum(busy[hour::24]) + DAY_WEIGHT)
        for hour in range(24)
    ]
    rates = [
        (answers[slot] + SLOT_WEIGHT * by_hour[slot % 24]) / (busy[slot] + SLOT_WEIGHT)
        for slot in range(168)
    ]
    usual = [total / n if n else 0.0 for total, n in zip(agents, seen, strict=True)]
    return Curve(rates=rates, agents=usual, hours=hours, zone=zone, answers=total)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of something told: the work done by then, against the work foreseen.

    `is_over` says whether it was answered; else it had waited so long when somebody looked.
    """

    ahead: int
    ratio: float
    is_over: bool


def kind_of(ahead: int) -> int:
    """Short and long queues err in ways of their own."""
    return bisect_left((1, 5, 20), ahead)


def quantiles(ahead: int, outcomes: Mapping[int, Sequence[Outcome]]) -> Sequence[float]:
    """By how much to multiply n + 1 answers for the median and for nine of ten.

    The formula's own, drawn towards what really came, the more of it is known.
    """
    known = outcomes.get(kind_of(ahead), ())
    over = sum(one.is_over for one in known)
    weight = over / (over + FEW)
    return [
        weight * (real or own) + (1 - weight) * own
        for own, real in (
            (gamma_quantile(ahead + 1, at) / (ahead + 1), surviving(known, REACHES[at]))
            for at in (MEDIAN, MOST)
        )
    ]


def gamma_quantile(shape: float, at: float) -> float:
    """Of a gamma distribution with the scale 1 (Wilson and Hilferty, PNAS 17, 1931)."""
    spread = 1 / (9 * shape)
    return shape * max(0.0, 1 - spread + NORMAL[at] * spread**0.5) ** 3  # type: ignore[no-any-return]


def surviving(known: Sequence[Outcome], at: float) -> float | None:
    """The quantile of the ratios, those that still run counted as long as they ran.

    Without them the slow ones would be missing (Kaplan and Meier, 1958).
    """
    left, alive = len(known), 1.0
    last = None
    for one in sorted(known, key=lambda one: (one.ratio, not one.is_over)):
        if one.is_over:
            alive *= 1 - 1 / left
            last = one.ratio
            if 1 - alive >= at - 1e-9:
                return one.ratio
        left -= 1
    return last
