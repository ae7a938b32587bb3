"""The clock of one promise as a drawn strip: when it ran, when it rested, what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from makegood.promises.explaining import Explanation
from makegood.promises.models import Promise

WIDTH = 1000
LEAST = 3.0
"""What is shorter than this is still drawn."""


@dataclass(frozen=True)
class Piece:
    """A run of time: `runs`, `rests` or `late`."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True)
class Sign:
    """A moment: `warn`, `due`, `now` or `settled`."""

    kind: str
    x: float
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Strip:
    """What is drawn, from the beginning of the clock to the last thing that counts."""

    begins_at: datetime
    ends_at: datetime
    pieces: Sequence[Piece]
    signs: Sequence[Sign]


def strip_of(told: Explanation, now: datetime) -> Strip | None:
    """The strip of an explanation; None where nothing has a length."""
    one = told.promise
    last = _last(one, now)
    if last <= one.since:
        return None
    scale = Scale(one.since, last)
    runs = [("runs", span.begins_at, span.ends_at) for span in told.stretches]
    if one.seconds is None:
        runs = [("runs", one.since, one.due_at)]
    rests = [("rests", span.begins_at, span.ends_at) for span in told.rests]
    until = one.settled_at or now
    late = [("late", one.due_at, until)] if one.broken_at is not None else []
    pieces = [scale.piece(*piece) for piece in (*runs, *rests, *late)]
    signs = [scale.sign(kind, at) for kind, at in _moments(one, now) if at <= last]
    return Strip(begins_at=one.since, ends_at=last, pieces=pieces, signs=signs)


def _last(one: Promise, now: datetime) -> datetime:
    ends = [one.due_at, one.settled_at or one.due_at]
    is_waiting = one.settled_at is None and one.rests_since is None
    return max([*ends, now] if is_waiting else ends)


def _moments(one: Promise, now: datetime) -> Sequence[tuple[str, datetime]]:
    found = [("warn", one.warn_at), ("due", one.due_at)]
    return [*found, ("settled", one.settled_at) if one.settled_at else ("now", now)]


class Scale:
    """Moments as places on a line."""

    def __init__(self, begins_at: datetime, ends_at: datetime) -> None:
        self.begins_at, self.length = begins_at, ends_at - begins_at

    def place(self, at: datetime) -> float:
        share = (at - self.begins_at) / self.length
        return round(WIDTH * max(0.0, min(1.0, share)), 1)

    def piece(self, kind: str, first: datetime, last: datetime) -> Piece:
        x = self.place(first)
        return Piece(kind, min(x, WIDTH - LEAST), max(LEAST, round(self.place(last) - x, 1)))

    def sign(self, kind: str, at: datetime) -> Sign:
        return Sign(kind, self.place(at), at)
