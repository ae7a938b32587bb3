"""Giving conversations to whom they suit: asked for, given, or taken on from who is away."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.conversations.actions import assign_conversation
from makegood.conversations.finding import Finder
from makegood.conversations.models import Conversation
from makegood.conversations.naming import understand
from makegood.conversations.standing import lock_standing
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor, System
from makegood.routing.choosing import Board, board
from makegood.routing.events import MovedOn
from makegood.routing.floor import loads_of
from makegood.routing.matters import Matter, busy_places
from makegood.routing.models import Choice
from makegood.routing.promised import by_promise, promised_next
from makegood.routing.scoring import Rank, Standing, is_for
from makegood.team.absences import absence_of
from makegood.team.capacity import rooms_of
from makegood.team.models import Agent

HOUSE = System("routing")
LOOKED_AT = 40
"""So many of the most urgent are looked at for who asks for one."""
TOLD = 4
"""So many of those who could have been chosen are kept with their reasons."""
How = Choice.How


def take_next(agent: Agent) -> Conversation | None:
    """The most urgent conversation for which this agent is best placed, or nobody better is free.

    Where others are better placed for all that wait, still the most urgent: while somebody asks
    for work, nobody waits. Two who ask at once never get the same.
    """
    now = timezone.now()
    if absence_of(agent, now) is not None:
        raise Refused(_("You are set to away. Say that you are here first."))
    busy = busy_places(now)
    seen = board([pk for pk in _waiting_for(agent) if pk not in busy], now)
    own = seen.hands.get(agent.pk)
    if own is None or own.load >= own.room.most:
        raise Refused(_("As much waits for you as you can hold. Answer something first."))
    ranks = [(matter, seen.ranks(matter, asks=agent.pk)) for matter in seen.held_by(None)]
    mine = [pair for pair in ranks if any(rank.agent == agent.pk for rank in pair[1])]
    for matter, order in sorted(mine, key=lambda pair: not is_for(agent.pk, pair[1])):
        if give(matter, to=agent, how=How.ASKED, ranks=_first(agent, order), by=agent):
            return Conversation.objects.get(pk=matter.pk)
    return None


def _waiting_for(agent: Agent) -> Sequence[int]:
    """What waits and is nobody's, as far as this agent sees it, the most urgent first.

    Among equally urgent ones what is promised comes first, in the order in which it is due.
    """
    asked = understand("is:waiting is:unassigned", agent)
    longest = Finder(asked, "urgent").numbers("", LOOKED_AT)[0]
    return by_promise([*promised_next(agent, LOOKED_AT), *longest])


def _first(agent: Agent, ranks: Sequence[Rank]) -> Sequence[Rank]:
    """Who got it stands first, whoever else was better placed."""
    return sorted(ranks, key=lambda rank: rank.agent != agent.pk)


@transaction.atomic
def give(matter: Matter, *, to: Agent, how: str, ranks: Sequence[Rank], by: Actor) -> bool:
    """Give it, if it still is where it was and they still have room; whether it was given."""
    Agent.objects.select_for_update(of=("self",), no_key=True).get(pk=to.pk)
    conversation = lock_standing(matter.pk, "inbox", "team")
    is_as_seen = conversation.pk == matter.pk and conversation.assignee_id == matter.assignee
    if not is_as_seen or not conversation.is_waiting() or not _has_room(to, matter):
        return False
    conversation.is_held = True
    try:
        assign_conversation(conversation, agent=to, team=conversation.team, by=by)
    except Refused:
        return False  # they lost their sight of it, or their account, since we looked
    Choice.objects.create(
        conversation=conversation,
        agent=to,
        how=how,
        at=timezone.now(),
        ranks=[rank.as_json() for rank in ranks[:TOLD]],
    )
    return True


def _has_room(agent: Agent, matter: Matter) -> bool:
    rooms = rooms_of([agent.pk])
    room = rooms[agent.pk]
    return loads_of(rooms)[agent.pk] + room.weight(matter.place.channel) <= room.most


def give_best(seen: Board, matter: Matter, *, how: str = How.GIVEN) -> Agent | None:
    """Give a conversation to who is best placed of those who are free; None where nobody is."""
    without = [matter.assignee] if matter.assignee else []
    ranks = seen.ranks(matter, without=without)
    for place, rank in enumerate(ranks):
        hand = seen.hands[rank.agent]
        if give(matter, to=hand.agent, how=how, ranks=ranks[place:], by=HOUSE):
            hand.take(seen.weight(matter, rank.agent), seen.now)
            return hand.agent
        if not _still_waits(matter):
            return None
    return None


def _still_waits(matter: Matter) -> bool:
    waits = Conversation.objects.filter(pk=matter.pk, assignee=matter.assignee, status="open")
    return waits.filter(turn=Conversation.Turn.OURS).exists()


@transaction.atomic
def move_on(seen: Board, matter: Matter, *, to_best: bool) -> bool:
    """Whoever has it is away: to who is best placed, or back to everybody; both are told."""
    had = Agent.objects.get(pk=matter.assignee or 0)
    if to_best:
        to = give_best(seen, matter, how=How.MOVED)
        if to is None:
            return False
        name = to.name
    elif not _give_back(seen, matter, had):
        return False
    else:
        name = _("everybody")
    fact = MovedOn(agent=had.pk, agent_name=had.name, to=name)
    record(fact, about=[f"conversation:{matter.pk}", had], by=HOUSE)
    return True


def _give_back(seen: Board, matter: Matter, had: Agent) -> bool:
    """Only while somebody else is here to see it: else it would lose who knows it for nothing."""
    others = (one for pk, one in seen.hands.items() if pk != had.pk)
    if not any(
        one.standing == Standing.HERE and seen.seats.may_see(one.agent, matter.inbox)
        for one in others
    ):
        return False
    conversation = lock_standing(matter.pk, "inbox", "team")
    if conversation.assignee_id != had.pk or not conversation.is_waiting():
        return False
    conversation.is_held = True
    assign_conversation(conversation, agent=None, team=conversation.team, by=HOUSE)
    return True
