"""What an agent is asked beside a conversation: quiet questions, each with one click to answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from makegood.conversations.models import Conversation, Message, Participant
from makegood.conversations.queries import joined_here, lookalike_of
from makegood.team.models import Agent


@dataclass(frozen=True, kw_only=True)
class Hints:
    """What is worth asking of one conversation, as one agent may see it."""

    lookalike: Conversation | None = None
    """Looks like this one: join?"""
    new_matters: Sequence[Message] = ()
    forwarded: Sequence[Message] = ()
    joined: Sequence[Conversation] = ()
    is_nobodys: bool = False
    """It waits for us, and nobody has taken it."""


def hints_of(conversation: Conversation, agent: Agent) -> Hints:
    """The open questions of a conversation; those that were answered are asked no more."""
    lookalike = None
    if conversation.looks_like_id is not None and conversation.unlike_at is None:
        lookalike = lookalike_of(conversation, agent)
    rows: Sequence[Message] = ()
    if getattr(conversation, "is_asking", True):
        rows = list(conversation.messages.filter(asks=True).order_by("-pk")[:20])
    return Hints(
        lookalike=lookalike,
        new_matters=[one for one in rows if one.new_matter][:1],
        forwarded=[one for one in rows if one.forwarded and not one.new_matter][:1],
        joined=joined_here(conversation, agent),
        is_nobodys=conversation.assignee_id is None and conversation.status == "open",
    )


def takes_part(conversation: Conversation) -> Sequence[Participant]:
    """Everybody who was ever named here, those who take no part last."""
    rows = list(conversation.participants.select_related("handle").order_by("pk"))
    return sorted(rows, key=lambda one: one.state == Participant.State.LEFT)
