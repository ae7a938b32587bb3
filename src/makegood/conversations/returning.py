"""Something happened elsewhere that is ours to look at: a conversation comes back by itself."""

from datetime import datetime

from makegood.conversations.events import Reopened
from makegood.conversations.models import Conversation
from makegood.conversations.unseen_owner import free_from_the_blind
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor


def come_back(conversation: Conversation, words: str, *, at: datetime, by: Actor) -> None:
    """Our turn, open, and saying why in its list; spam stays spam. The caller holds its lock."""
    if conversation.status == Conversation.Status.SPAM:
        return
    if conversation.turn != Conversation.Turn.OURS:
        conversation.turn, conversation.turn_since = Conversation.Turn.OURS, at
    rested = conversation.status != Conversation.Status.OPEN
    conversation.status = Conversation.Status.OPEN
    conversation.snoozed_until = conversation.wakes_with = conversation.resolved_at = None
    conversation.preview = words[:200]
    conversation.save(
        update_fields=[
            "turn", "turn_since", "status", "snoozed_until", "wakes_with", "resolved_at",
            "preview",
        ]
    )  # fmt: skip
    free_from_the_blind(conversation)
    if rested:
        record(Reopened(), about=[conversation], by=by, at=at)
