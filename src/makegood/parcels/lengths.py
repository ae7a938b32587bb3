"""How long parcels take: counted in quarters of a day, and asked for dates.

A lane with few parcels is drawn towards the wider circle around it: the counts of the lane, and
as many more as `DRAW` parcels that took as long as those of the circle; that circle is drawn to
its own in the same way, up to everything. So there is no step where a lane has "enough".

Carriers that deliver on Saturdays and Sundays are counted in days of the calendar; those that
(nearly) never do, in working days.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

PIECE = timedelta(hours=6)
LONGEST = 4 * 90
"""Pieces; who took longer than ninety days is counted there."""
DRAW = 20.0
ENOUGH = 20
"""Parcels in all, without which nothing is foreseen."""
WEEKENDS = 0.02
"""With a smaller share of deliveries on weekends, working days are counted."""
MEDIAN, MOST = 0.5, 0.9
LEAST_LEFT = 0.002
"""Of a hundred parcels fewer than this share took so long: nothing can be said of the rest."""
REST_DAYS = (5, 6)

Counts = Mapping[int, int]


@dataclass(kw_only=True)
class Lengths:
    """How many parcels took how many pieces, in days of the calendar and in working days."""

    n: int = 0
    days: dict[int, int] = field(default_factory=dict)
    work: dict[int, int] = field(default_factory=dict)
    weekends: int = 0

    def add(self, begins: datetime, ends: datetime, change: int = 1) -> None:
        """Count one parcel; with -1, count it no more."""
        if ends < begins:
            return
        self.n += change
        _count(self.days, pieces(ends - begins), change)
        _count(self.work, pieces(working(begins, ends)), change)
        self.weekends += change * (ends.weekday() in REST_DAYS)

    def lay_upon(self, more: "Lengths") -> None:
        self.n += more.n
        self.weekends += more.weekends
        for mine, theirs in ((self.days, more.days), (self.work, more.work)):
            for piece, count in theirs.items():
                _count(mine, piece, count)

    @property
    def rests_on_weekends(self) -> bool:
        return self.weekends < WEEKENDS * self.n


def _count(counts: dict[int, int], piece: int, change: int) -> None:
    left = counts.get(piece, 0) + change
    if left:
        counts[piece] = left
    else:
        counts.pop(piece, None)


def pieces(length: timedelta) -> int:
    return max(0, min(LONGEST, int(length / PIECE)))


def working(begins: datetime, ends: datetime) -> timedelta:
    """The time between two moments that is on no Saturday and no Sunday."""
    if ends <= begins:
        return timedelta(0)
    return _worked(ends) - _worked(begins)


MONDAY = datetime(1970, 1, 5)  # noqa: DTZ001  # only differences of it are used


def _worked(at: datetime) -> timedelta:
    """Since a Monday long ago; a moment of a weekend counts as the Friday's end."""
    since = at.replace(tzinfo=None) - MONDAY
    weeks, rest = divmod(since, timedelta(days=7))
    return weeks * timedelta(days=5) + min(rest, timedelta(days=5))


def after_working(begins: datetime, length: timedelta) -> datetime:
    """The moment at which so much working time has gone by."""
    worked = _worked(begins) + length
    weeks, rest = divmod(worked, timedelta(days=5))
    naive = MONDAY + weeks * timedelta(days=7) + rest
    return naive.replace(tzinfo=begins.tzinfo)


@dataclass(frozen=True, kw_only=True)
class Spread:
    """The share of parcels for every piece, drawn together from several circles."""

    shares: Sequence[tuple[int, float]]
    rests_on_weekends: bool
    level: int
    """The narrowest circle that has `ENOUGH` of its own: 0 is the lane itself."""
    n: int
    """How many parcels that circle counts."""

    def passed(self, begins: datetime, now: datetime) -> timedelta:
        since = working(begins, now) if self.rests_on_weekends else now - begins
        return max(since, timedelta(0))

    def moment(self, at: float, begins: datetime, now: datetime) -> datetime | None:
        """By when this share of those is delivered that were not until now.

        None where (nearly) none ever took as long as this one already does.
        """
        since = self.passed(begins, now) / PIECE
        left = sum(share * _beyond(piece, since) for piece, share in self.shares)
        if left < LEAST_LEFT:
            return None
        wanted, seen = at * left, 0.0
        for piece, share in self.shares:
            here = share * _beyond(piece, since)
            if here and seen + here >= wanted - 1e-12:
                start = max(float(piece), since)
                end = start + (piece + 1 - start) * min(1.0, max(0.0, (wanted - seen) / here))
                return self._after(begins, end * PIECE)
            seen += here
        return None

    def _after(self, begins: datetime, length: timedelta) -> datetime:
        return after_working(begins, length) if self.rests_on_weekends else begins + length


def _beyond(piece: int, since: float) -> float:
    """Which part of a piece lies after so many pieces."""
    return min(1.0, max(0.0, piece + 1 - since))


def spread(circles: Sequence[Lengths]) -> Spread | None:
    """From the narrowest circle to everything; None where even everything is too little."""
    if not circles or circles[-1].n < ENOUGH:
        return None
    level = next(at for at, one in enumerate(circles) if one.n >= ENOUGH)
    rests = circles[level].rests_on_weekends
    shares: dict[int, float] = {}
    for one in reversed(circles):
        counts = one.work if rests else one.days
        draw = DRAW if shares else 0.0
        whole = one.n + draw
        if not one.n:
            continue
        old = {piece: share * draw / whole for piece, share in shares.items()}
        for piece, count in counts.items():
            old[piece] = old.get(piece, 0.0) + count / whole
        shares = old
    return Spread(
        shares=sorted(shares.items()), rests_on_weekends=rests, level=level, n=circles[level].n
    )
