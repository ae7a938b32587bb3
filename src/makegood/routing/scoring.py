"""Who is best placed, as one pure function: the same input gives the same order and reasons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from makegood.routing.skill import Knowing

SKILL, BOND, ROOM, TURN = 45.0, 30.0, 15.0, 10.0
"""How many points of a hundred each can give."""
HERE_BEFORE, A_FEW = 1.0, 3
"""Whoever wrote in this very conversation; from so many earlier ones on one knows a customer."""
CLEARLY = 12.0
"""Points by which somebody else must be ahead before a conversation is kept for them."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Standing(StrEnum):
    """Whether somebody can be given something."""

    HERE = "here"
    AWAY = "away"
    """They said so."""
    GONE = "gone"
    """No page of the desk is before them."""
    OFF = "off"
    """It is not their shift."""


class Bar(StrEnum):
    """Why somebody cannot be chosen at all."""

    BLIND = "blind"
    ABSENT = "absent"
    FULL = "full"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An agent as they stand to one conversation."""

    agent: int
    standing: Standing
    may_see: bool
    load: int
    most: int
    weight: int
    """What this conversation would add to their load."""
    knowing: Knowing = field(default_factory=Knowing)
    answered: int = 0
    """In how many other conversations of this customer they wrote."""
    wrote_here: bool = False
    given: int = 0
    """What they were given lately."""
    last_given: datetime | None = None

    def bar(self) -> Bar | None:
        if not self.may_see:
            return Bar.BLIND
        if self.standing != Standing.HERE:
            return Bar.ABSENT
        if self.load + self.weight > self.most:
            return Bar.FULL
        return Bar.REFUSED if self.knowing.is_refused else None


@dataclass(frozen=True, kw_only=True)
class Rank:
    """A candidate's points, and why: each reason a word with its figures, said when it is read."""

    agent: int
    points: float
    reasons: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        return {"agent": self.agent, "points": self.points, "reasons": list(self.reasons)}


def ranked(candidates: Iterable[Candidate]) -> Sequence[Rank]:
    """Everybody who can be chosen, the best placed first.

    Among equals comes first who was given less, then who was given nothing for longest.
    """
    able = [one for one in candidates if one.bar() is None]
    able.sort(key=lambda one: (-_points(one), one.given, one.last_given or LONG_AGO, one.agent))
    return [Rank(agent=one.agent, points=_points(one), reasons=_reasons(one)) for one in able]


def _points(one: Candidate) -> float:
    bond = HERE_BEFORE if one.wrote_here else min(one.answered, A_FEW) / (A_FEW + 1)
    room = 1 - one.load / one.most if one.most else 0.0
    turn = 1 / (1 + one.given)
    points = SKILL * one.knowing.share + BOND * bond + ROOM * room + TURN * turn
    return round(points, 3)


def _reasons(one: Candidate) -> tuple[dict[str, Any], ...]:
    found: list[dict[str, Any]] = [
        {"why": "here"},
        {"why": "load", "load": one.load, "most": one.most},
    ]
    if one.wrote_here:
        found.append({"why": "wrote"})
    if one.answered:
        found.append({"why": "answered", "times": one.answered})
    knows = one.knowing
    if knows.is_known:
        found.append({"why": "knows", "topic": knows.topic, "language": knows.language})
    return tuple(found)


def is_for(agent: int, ranks: Sequence[Rank]) -> bool:
    """Whether this agent is best placed, or nobody who is free is clearly better."""
    own = next((rank.points for rank in ranks if rank.agent == agent), None)
    return own is not None and ranks[0].points < own + CLEARLY
