from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils import timezone

from makegood.kit.jinja import initials
from makegood.presence.actions import HERE_SECONDS
from makegood.presence.models import Presence
from makegood.team.models import Agent, Team

HERE = timedelta(seconds=HERE_SECONDS)
"""Three heartbeats: who misses them is not here any more, crashed or not."""
AWAY = timedelta(minutes=10)


class State(StrEnum):
    """How near an agent is."""

    ONLINE = "online"
    AWAY = "away"
    OFFLINE = "offline"


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """An agent at a place, with the most that they do there."""

    place: str
    inbox: int
    agent: int
    name: str
    initials: str
    doing: str


_STRENGTH = {word: number for number, word in enumerate(Presence.Doing.values)}


def who_is_where(now: datetime | None = None) -> Sequence[Somebody]:
    """Everybody who is at some place now, in one query; once each, whatever pages they have."""
    since = (now or timezone.now()) - HERE
    rows = (
        Presence.objects.filter(seen_at__gt=since, inbox__isnull=False, agent__is_active=True)
        .exclude(place="")
        .order_by("agent__name", "agent")
        .values_list("place", "inbox", "agent", "agent__name", "doing")
    )
    found: dict[tuple[str, int], Somebody] = {}
    for place, inbox, agent, name, doing in rows:
        known = found.get((place, agent))
        if known is None or _STRENGTH[doing] > _STRENGTH[known.doing]:
            found[place, agent] = Somebody(
                place=place,
                inbox=inbox or 0,
                agent=agent,
                name=name,
                initials=initials(name),
                doing=doing,
            )
    return list(found.values())


def states_of(agents: Iterable[Agent], now: datetime | None = None) -> Mapping[int, State]:
    """How near each of these agents is, in one query."""
    now = now or timezone.now()
    seen: dict[int, datetime] = {}
    for agent, at in Presence.objects.values_list("agent", "seen_at"):
        seen[agent] = max(at, seen.get(agent, at))
    return {agent.pk: _state(seen.get(agent.pk), now) for agent in agents}


def _state(at: datetime | None, now: datetime) -> State:
    if at is None or at <= now - AWAY:
        return State.OFFLINE
    return State.ONLINE if at > now - HERE else State.AWAY


def is_here(agent: Agent, now: datetime) -> bool:
    """Whether an agent has a page of the desk before them."""
    return Presence.objects.filter(agent=agent, seen_at__gt=now - HERE).exists()


def present_agents(team: Team | None = None, now: datetime | None = None) -> Sequence[Agent]:
    """The agents of a team, or all, who are at the desk now: who can be given something."""
    here = Presence.objects.filter(seen_at__gt=(now or timezone.now()) - HERE)
    agents = Agent.objects.filter(is_active=True, pk__in=here.values("agent"))
    if team is not None:
        agents = agents.filter(teams=team)
    return list(agents.order_by("name", "pk"))
