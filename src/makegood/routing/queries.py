from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from django.http import Http404
from django.utils import timezone

from makegood.conversations.models import Conversation
from makegood.presence.queries import State, states_of
from makegood.routing.choosing import board
from makegood.routing.floor import Hand, hands
from makegood.routing.models import Choice, TeamRouting
from makegood.routing.telling import ToldChoice, ToldRank, told_choice, told_ranks
from makegood.team.absences import absences_of
from makegood.team.models import Agent, Team
from makegood.team.shifts import is_on_shift, rotas_of

FEW = 3
T = TypeVar("T")


def choice_of(conversation: Conversation) -> ToldChoice | None:
    """The newest choice for a conversation that its reader may see, in words."""
    rows = Choice.objects.filter(conversation=conversation).select_related("overruled_by")
    newest = rows.order_by("-pk").first()
    return told_choice(newest) if newest else None


def best_placed(conversation: Conversation) -> Sequence[ToldRank]:
    """Who would be chosen now, the best placed first, in words."""
    seen = board([conversation.pk], timezone.now())
    return told_ranks(seen.ranks(seen.matters[0])[:FEW]) if seen.matters else []


def routing_of(team: Team) -> TeamRouting:
    """How a team's conversations find somebody; of whom nothing is said takes them by hand."""
    return TeamRouting.objects.filter(team=team).first() or TeamRouting(team=team)


def team_to_route(by: Agent, pk: int) -> Team:
    """A team for whoever says who gets what, or 404."""
    return _found(Team.objects.filter(pk=pk).first() if by.may("office.routing") else None)


def agent_to_route(by: Agent, pk: int) -> Agent:
    agents = Agent.objects.filter(pk=pk, is_active=True)
    return _found(agents.first() if by.may("office.routing") else None)


def teams_routed() -> Sequence[TeamRouting]:
    """Every team by name, with how its conversations find somebody."""
    said = {row.team_id: row for row in TeamRouting.objects.all()}
    found = []
    for team in Team.objects.order_by("name"):
        row = said.get(team.pk) or TeamRouting(team=team)
        row.team = team
        found.append(row)
    return found


def on_the_floor() -> Sequence[Hand]:
    """Everybody who may answer, by name, as they stand now."""
    return sorted(hands(timezone.now()).values(), key=lambda hand: hand.agent.name.casefold())


def room_for(channel: str, agents: Sequence[Agent]) -> Mapping[int, int]:
    """How many more conversations of a channel each of these can hold, of those who may answer."""
    found = hands(timezone.now(), agents)
    return {
        pk: max(0, (hand.room.most - hand.load) // hand.room.weight(channel))
        for pk, hand in found.items()
    }


def is_somebody_near(agents: Iterable[Agent], now: datetime) -> bool:
    """Whether one of these who may answer is at work: on shift, not absent, and at the desk or
    back from it for a few minutes only. Three queries.
    """
    able = {agent.pk: agent for agent in agents if agent.may("answer")}
    near, away, rotas = states_of(able.values(), now), absences_of(able, now), rotas_of(able)
    return any(
        near[pk] != State.OFFLINE and pk not in away and is_on_shift(rotas.get(pk), now)
        for pk in able
    )


def _found(thing: T | None) -> T:
    if thing is None:
        raise Http404
    return thing
