"""A promise goes to somebody who can keep it."""

from makegood.conversations.actions import assign_conversation
from makegood.ledger.actors import Actor
from makegood.promises.actions import hand_promise
from makegood.promises.models import Promise
from makegood.team.models import Agent


def give_promise(promise: Promise, *, to: Agent, by: Actor) -> None:
    """One's own word, or an order's, is handed on; what a policy promises goes along."""
    conversation = promise.conversation
    if promise.is_personal or conversation is None:
        hand_promise(promise, owner=to, by=by)
    else:
        assign_conversation(conversation, agent=to, team=conversation.team, by=by)
