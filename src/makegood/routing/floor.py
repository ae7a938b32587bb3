"""Who is on the floor: every agent with what they hold, can hold, know and were given."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q
from django.utils import timezone

from makegood.channels.models import Inbox
from makegood.channels.registry import LIVE
from makegood.conversations.models import Conversation
from makegood.presence.queries import State, states_of
from makegood.routing.models import Choice, Strength
from makegood.routing.scoring import Standing
from makegood.team.absences import absences_of
from makegood.team.capacity import Room, rooms_of
from makegood.team.models import Agent, Team
from makegood.team.shifts import is_on_shift, rotas_of

GOES_ON = timedelta(minutes=10)
"""So long after the last word a chat is still being talked in."""
LATELY = timedelta(hours=8)
"""What was given longer ago than this is no reason to give to somebody else."""


@dataclass(kw_only=True)
class Hand:
    """One agent of the floor. What is given to them while it is looked at counts at once."""

    agent: Agent
    standing: Standing
    room: Room
    load: int = 0
    given: int = 0
    last_given: datetime | None = None
    said: Mapping[str, str] = field(default_factory=dict)

    def has_room(self) -> bool:
        return self.standing == Standing.HERE and self.load < self.room.most

    def take(self, weight: int, now: datetime) -> None:
        self.load, self.given, self.last_given = self.load + weight, self.given + 1, now


def hands(now: datetime, only: Iterable[Agent] | None = None) -> Mapping[int, Hand]:
    """Everybody who may answer, by number; a handful of queries however many they are."""
    agents = list(only) if only is not None else list(Agent.objects.filter(is_active=True))
    able = {agent.pk: agent for agent in agents if agent.may("answer")}
    near = states_of(able.values(), now)
    away, rotas = absences_of(able, now), rotas_of(able)
    rooms, given, said = rooms_of(able), _given(able, now), _said(able)
    loads = loads_of(rooms)
    return {
        pk: Hand(
            agent=agent,
            standing=_standing(pk in away, near[pk], is_on_shift(rotas.get(pk), now)),
            room=rooms[pk],
            load=loads[pk],
            given=given.get(pk, (0, None))[0],
            last_given=given.get(pk, (0, None))[1],
            said=said[pk],
        )
        for pk, agent in able.items()
    }


def _standing(is_away: bool, near: State, is_on: bool) -> Standing:
    if is_away:
        return Standing.AWAY
    if near != State.ONLINE:
        return Standing.GONE
    return Standing.HERE if is_on else Standing.OFF


def loads_of(rooms: Mapping[int, Room]) -> Mapping[int, int]:
    """What each of these agents has before them, weighed by channel, in one query.

    That is what waits for them, and a chat also while its visitor may be typing the next word.
    """
    waits = Q(turn=Conversation.Turn.OURS)
    goes_on = Q(inbox__kind__in=LIVE, last_at__gt=timezone.now() - GOES_ON)
    theirs = Conversation.objects.filter(assignee__in=list(rooms))
    mine = theirs.filter(waits | goes_on, status=Conversation.Status.OPEN)
    found: dict[int, int] = dict.fromkeys(rooms, 0)
    for pk, kind, count in mine.values_list("assignee", "inbox__kind").annotate(n=Count("pk")):
        found[pk] += rooms[pk].weight(kind) * count
    return found


def _given(agents: Iterable[int], now: datetime) -> Mapping[int, tuple[int, datetime | None]]:
    lately = Choice.objects.filter(agent__in=list(agents), at__gt=now - LATELY)
    counted = lately.values_list("agent").annotate(n=Count("pk"), last=Max("at"))
    return {pk: (count, last) for pk, count, last in counted}


def _said(agents: Iterable[int]) -> Mapping[int, Mapping[str, str]]:
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = Strength.objects.filter(agent__in=list(agents))
    for agent, about, level in rows.values_list("agent", "about", "level"):
        found[agent][about] = level
    return found


@dataclass(frozen=True, kw_only=True)
class Seats:
    """Who sits where: the teams of each inbox, and of each agent."""

    of_inbox: Mapping[int, frozenset[int]]
    of_agent: Mapping[int, frozenset[int]]

    def may_see(self, agent: Agent, inbox: int) -> bool:
        """The rule of `channels.queries.may_see`, for many at once."""
        teams = self.of_inbox.get(inbox, frozenset())
        return agent.sees_everything() or not teams or bool(teams & self.of(agent))

    def of(self, agent: Agent) -> frozenset[int]:
        return self.of_agent.get(agent.pk, frozenset())

    def is_of(self, agent: Agent, inbox: int, team: int | None) -> bool:
        """Whether an agent belongs to those for whom a conversation is: its team, else its inbox's.

        Where there are none, it is for everybody.
        """
        meant = frozenset([team]) if team else self.of_inbox.get(inbox, frozenset())
        return not meant or bool(meant & self.of(agent))


def seats(inboxes: Iterable[int]) -> Seats:
    """Two queries, however many inboxes and agents."""
    with_teams = Inbox.teams.through.objects.filter(inbox__in=set(inboxes))
    members = Team.agents.through.objects.all()
    return Seats(
        of_inbox=_gathered(with_teams.values_list("inbox", "team")),
        of_agent=_gathered(members.values_list("agent", "team")),
    )


def _gathered(pairs: Iterable[tuple[int, int]]) -> Mapping[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        found[one].add(other)
    return {one: frozenset(others) for one, others in found.items()}


def names_of(agents: Sequence[int]) -> Mapping[int, str]:
    return dict(Agent.objects.filter(pk__in=agents).values_list("pk", "name"))
