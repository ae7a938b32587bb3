"""Made-up histories of parcels, to try what is foreseen on: seeded, never anybody's data."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from makegood.parcels.lengths import MEDIAN, MOST, Lengths, spread

WAYS = {
    "post": (2.0, 0.45, True),
    "dhl": (1.4, 0.35, True),
    "rush": (0.9, 0.3, False),
}
"""By carrier: the usual days, how much they spread, whether it rests on weekends."""
FAR = {"DE": 1.0, "AT": 1.6, "GB": 2.4, "IE": 3.0}


@dataclass(frozen=True, kw_only=True)
class Lived:
    """One parcel that went its way."""

    carrier: str
    country: str
    label_at: datetime
    delivered_at: datetime


def lived(random: Random, begins: datetime, days: int, a_day: int) -> Iterator[Lived]:
    """Parcels of so many days, in the order of their labels."""
    for day in range(days):
        for at in sorted(random.uniform(8, 18) for _ in range(a_day)):
            yield _one(random, begins + timedelta(days=day, hours=at))


def _one(random: Random, label_at: datetime) -> Lived:
    carrier = random.choices(list(WAYS), (3, 5, 2))[0]
    country = random.choices(list(FAR), (6, 2, 2, 0.3))[0]
    usual, spread_of_it, rests = WAYS[carrier]
    length = usual * FAR[country] * random.lognormvariate(0, spread_of_it)
    if random.random() < 0.02:
        length += random.uniform(3, 15)
    at = label_at
    left = timedelta(days=length)
    while left > timedelta(0):
        step = min(left, timedelta(hours=3))
        at += step
        if not (rests and at.weekday() >= 5):
            left -= step
    noon = at.replace(hour=9 + random.randrange(9), minute=random.randrange(60))
    there = max(noon, label_at + timedelta(hours=4))
    while rests and there.weekday() >= 5:
        there += timedelta(days=1)
    return Lived(carrier=carrier, country=country, label_at=label_at, delivered_at=there)


@dataclass(kw_only=True)
class Calibration:
    """Of so many dates told, how many came true."""

    n: int = 0
    within_median: int = 0
    within_most: int = 0
    days_between: float = 0.0
    """Between both dates, added up."""


WARM_UP = timedelta(days=30)
"""Of a young history the quick parcels are known first: what it foresees is a little early."""


def replayed(history: Iterator[Lived], asks_after: timedelta | None = None) -> Calibration:
    """Tell two dates for each parcel from those that had arrived by then, and see.

    With `asks_after`, only those are asked for that are still under way then.
    """
    begun: datetime | None = None
    circles: dict[str, Lengths] = {}
    coming: list[Lived] = []
    found = Calibration()
    for one in history:
        begun = begun or one.label_at
        now = one.label_at + (asks_after or timedelta(0))
        for done in [other for other in coming if other.delivered_at < one.label_at]:
            coming.remove(done)
            for word in _circles(done):
                circle = circles.setdefault(word, Lengths())
                circle.add(done.label_at, done.delivered_at)
        coming.append(one)
        told = spread([circles.get(word, Lengths()) for word in _circles(one)])
        if told is None or one.delivered_at <= now or one.label_at < begun + WARM_UP:
            continue
        median, most = (told.moment(at, one.label_at, now) for at in (MEDIAN, MOST))
        if median is None or most is None:
            continue
        found.n += 1
        found.within_median += one.delivered_at <= median
        found.within_most += one.delivered_at <= most
        found.days_between += (most - median) / timedelta(days=1)
    return found


def _circles(one: Lived) -> tuple[str, str, str]:
    return f"{one.carrier}|{one.country}", one.carrier, ""
