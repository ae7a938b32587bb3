"""Words that were given to a customer, as the conversation and the agent's day show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from makegood.channels.queries import agents_who_see
from makegood.conversations.models import Conversation
from makegood.promises.models import Promise
from makegood.promises.shown import Shown
from makegood.team.models import Agent


@dataclass(frozen=True, kw_only=True)
class Given:
    """One promise that is to be kept."""

    promise: Promise
    tone: str
    """`broken`, `at-risk`, or nothing."""
    is_mine: bool
    others: Sequence[Agent] = ()
    """To whom it may be handed."""


def given_in(
    conversation: Conversation, agent: Agent, promised: Sequence[Shown]
) -> Sequence[Given]:
    promises = [one.promise for one in promised if one.promise.is_personal]
    if not promises:
        return ()
    seers = agents_who_see(conversation.inbox)
    return [shown(one, agent, seers) for one in promises]


def shown(promise: Promise, agent: Agent, seers: Sequence[Agent] = ()) -> Given:
    late = promise.state == Promise.State.BROKEN or promise.due_at <= timezone.now()
    tone = "broken" if late else "at-risk" if promise.is_at_risk else ""
    others = [one for one in seers if one.pk != promise.owner_id]
    mine = promise.owner_id == agent.pk
    return Given(promise=promise, tone=tone, is_mine=mine, others=others)
