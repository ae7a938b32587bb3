"""How long somebody who writes now will wait: from the queue as it stands and what is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigAutoField, DateTimeField, Expression, QuerySet

from makegood.calendars.hours import Hours
from makegood.calendars.telling import State, state_of
from makegood.channels.models import Inbox
from makegood.conversations.models import Conversation
from makegood.kit.compiled import Compiled
from makegood.kit.remembering import remembered
from makegood.presence.queries import present_agents
from makegood.team.absences import absences_of
from makegood.team.models import Agent
from makegood.team.shifts import is_on_shift, rotas_of
from makegood.waits.curves import Curve, Outcome, quantiles
from makegood.waits.keeping import kept_for
from makegood.waits.learning import curve_at
from makegood.waits.measuring import slot_of
from makegood.waits.outcomes import outcomes_at
from makegood.waits.writing_down import hours_at

LEARNS_EVERY = 300
LOOKS_EVERY = 5
"""Seconds. How fast a desk is changes slowly; who waits and who is here does not."""
COUNTS_TO = 2_000
"""Beyond this a queue is counted no further."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What was learned of an inbox."""

    hours: Hours | None
    curve: Curve | None
    outcomes: Mapping[int, Sequence[Outcome]]


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What can honestly be expected, and why."""

    now: datetime
    ahead: int
    here: int
    factor: float = 1.0
    minutes: float | None = None
    """How long one agent needs for an answer at this hour, while somebody waits."""
    answers: int = 0
    """How many of the last weeks it is learned from."""
    median_at: datetime | None = None
    most_at: datetime | None = None
    """Nine of ten are answered by then."""
    hours: Hours | None = None

    @property
    def is_known(self) -> bool:
        return self.median_at is not None and self.most_at is not None

    def state(self) -> State | None:
        """Whether we are open, and until or from when."""
        return state_of(self.hours, self.now) if self.hours else None

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "at": self.now.isoformat(),
            "ahead": self.ahead,
            "here": self.here,
            "minutes_an_answer": self.minutes,
            "learned_from": self.answers,
            "median_at": self.median_at.isoformat() if self.median_at else None,
            "nine_of_ten_at": self.most_at.isoformat() if self.most_at else None,
        }


def expected_wait(inbox: Inbox, now: datetime, since: datetime | None = None) -> Expected:
    """How long it takes at an inbox; for whom waits since some moment, from their place."""
    if since is None:
        ahead = kept_for(LOOKS_EVERY, f"ahead at {inbox.pk}", lambda: ahead_at(inbox.pk))
    else:
        ahead = ahead_at(inbox.pk, since)
    return expected_at_place(inbox, ahead, now)


def expected_at_place(inbox: Inbox, ahead: int, now: datetime) -> Expected:
    """The same for whoever has so many before them."""
    known = kept_for(LEARNS_EVERY, f"known of {inbox.pk}", lambda: _known(inbox, now))
    here = kept_for(LOOKS_EVERY, f"here for {inbox.pk}", lambda: here_for(inbox, now))
    return foreseen(known, ahead, here, now)


def foreseen(known: Known, ahead: int, here: int, now: datetime) -> Expected:
    """The same from what is known already."""
    curve = known.curve
    if curve is None:
        return Expected(now=now, ahead=ahead, here=here, hours=known.hours)
    factor = curve.factor(here, now)
    wanted = [(ahead + 1) * one for one in quantiles(ahead, known.outcomes)]
    median_at, most_at = curve.moments(now, wanted, factor)
    slot = slot_of(now, curve.zone)[1]
    agents = curve.agents[slot]
    return Expected(
        now=now,
        ahead=ahead,
        here=here,
        factor=factor,
        minutes=60 * agents / curve.rates[slot] if agents else None,
        answers=curve.answers,
        median_at=median_at,
        most_at=most_at,
        hours=known.hours,
    )


def _known(inbox: Inbox, now: datetime) -> Known:
    curve = curve_at(inbox.pk, now)
    outcomes = outcomes_at(inbox.pk, curve, now) if curve else {}
    return Known(hours=hours_at(inbox), curve=curve, outcomes=outcomes)


def here_for(inbox: Inbox, now: datetime) -> int:
    """How many answer at this inbox now: at the desk, not set to away, and in their shift."""
    teams = set(inbox.teams.values_list("pk", flat=True))
    here = remembered(f"here at {now.isoformat()}", lambda: _at_work(now))
    if not teams or not here:
        return len(here)
    return Agent.objects.filter(teams__in=teams, pk__in=here).distinct().count()


def _at_work(now: datetime) -> Sequence[int]:
    present = [one.pk for one in present_agents(now=now)]
    away, rotas = absences_of(present, now), rotas_of(present)
    return [pk for pk in present if pk not in away and is_on_shift(rotas.get(pk), now)]


def ahead_at(inbox: int, before: datetime | None = None) -> int:
    """How many wait at an inbox, or wait longer than since some moment; counted up to a limit."""
    return _WAITING.count(inbox) if before is None else _WAITING_SINCE.count(inbox, before)


def _waiting(inbox: Expression) -> QuerySet[Conversation, tuple[int]]:
    rows = Conversation.objects.filter(
        inbox=inbox, status=Conversation.Status.OPEN, turn=Conversation.Turn.OURS
    )
    return rows.order_by().values_list("pk")


_WAITING: Compiled[tuple[int]] = Compiled(lambda inbox: _waiting(inbox)[:COUNTS_TO], BigAutoField())
_WAITING_SINCE: Compiled[tuple[int]] = Compiled(
    lambda inbox, before: _waiting(inbox).filter(turn_since__lt=before)[:COUNTS_TO],
    BigAutoField(),
    DateTimeField(),
)
