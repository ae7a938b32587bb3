"""How much may wait for an agent at once, and what one conversation of a channel weighs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.team.events import CapacitySet
from makegood.team.models import Agent, Capacity

MOST = 12
"""What may wait for an agent of whom nothing else is said."""
MOST_EVER = 200
WEIGHTS: Mapping[str, int] = {"email": 1, "web": 1, "social": 1, "review": 1, "chat": 3, "voice": 6}
"""Who chats is waiting at the other end; a mail can lie for an hour."""


@dataclass(frozen=True, kw_only=True)
class Room:
    """What one agent can hold."""

    most: int = MOST
    weights: Mapping[str, int] = field(default_factory=dict)
    """Where theirs differ from the house's."""

    def weight(self, channel: str) -> int:
        return self.weights.get(channel, WEIGHTS.get(channel, 1))

    def told(self) -> dict[str, str]:
        own = {channel: str(weight) for channel, weight in sorted(self.weights.items())}
        return {"most": str(self.most), **own}


@transaction.atomic
def set_capacity(agent: Agent, room: Room, *, by: Agent) -> None:
    """So much may wait for an agent at once from now on; nothing is taken from them for it."""
    agent = Agent.objects.select_for_update(of=("self",), no_key=True).get(pk=agent.pk)
    if not 0 <= room.most <= MOST_EVER:
        raise Refused(_("Say a number from 0 to %(most)s.") % {"most": MOST_EVER})
    if any(not 1 <= weight <= MOST_EVER for weight in room.weights.values()):
        raise Refused(_("A conversation weighs 1 to %(most)s.") % {"most": MOST_EVER})
    before = room_of(agent)
    if before.told() == room.told():
        return
    values = {"most": room.most, "weights": dict(room.weights)}
    Capacity.objects.update_or_create(agent=agent, defaults=values)
    fact = CapacitySet(agent_name=agent.name, before=before.told(), after=room.told())
    record(fact, about=[agent], by=by)


def room_of(agent: Agent) -> Room:
    return rooms_of([agent.pk])[agent.pk]


def rooms_of(agents: Iterable[int]) -> Mapping[int, Room]:
    """What each of these agents can hold, in one query."""
    numbers = list(agents)
    own = {
        row.agent_id: Room(most=row.most, weights=row.weights)
        for row in Capacity.objects.filter(agent__in=numbers)
    }
    return {number: own.get(number, Room()) for number in numbers}
