"""An answer is taken back before it left: it was never said, and its words are typed again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from makegood.conversations.models import Attachment, Conversation, Draft, Message
from makegood.conversations.retelling import retell
from makegood.kit.moments import in_utc

MOMENTS = ("last_at", "turn_since", "snoozed_until", "resolved_at")
SAID = ("last_message", "last_at", "turn", "turn_since", "preview")
STATUS = ("status", "snoozed_until", "resolved_at", "wakes_with_id", "woke")
OWNER = ("assignee_id",)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a conversation stood before an answer, and how the answer left it."""

    before: dict[str, Any]
    after: dict[str, Any]


def standing_of(conversation: Conversation) -> dict[str, Any]:
    """How it stands now, as JSON can keep it."""
    kept = {name: getattr(conversation, name) for name in (*SAID, *STATUS, *OWNER)}
    return {name: _plain(value) for name, value in kept.items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


@transaction.atomic
def unsay(message: Message, draft: Draft, standing: Standing) -> Conversation:
    """Take a message out again that nobody was sent; its conversation is locked by the caller.

    What others changed since stays: only what the answer itself brought goes with it. Where it
    was moved by a join or a split, what it brought was brought elsewhere.
    """
    conversation = Conversation.objects.get(pk=message.conversation_id)
    is_newest = conversation.last_message == message.pk
    is_moved = draft.conversation_id != conversation.pk
    Attachment.objects.filter(message=message).update(message=None, draft=draft)
    message.delete()
    retell(conversation)
    if is_moved:
        conversation.save()
        return conversation
    if is_newest:
        _as_before(conversation, standing, SAID)
    now = standing_of(conversation)
    # Settled or resting it would be without the answer that settled it, whoever did that since.
    if now["status"] != Conversation.Status.OPEN or _is_so(now, standing.after, STATUS):
        _as_before(conversation, standing, STATUS)
    if _is_so(now, standing.after, OWNER):
        _as_before(conversation, standing, OWNER)
    conversation.save()
    return conversation


def _is_so(now: dict[str, Any], after: dict[str, Any], names: tuple[str, ...]) -> bool:
    return all(now[name] == after[name] for name in names)


def _as_before(conversation: Conversation, standing: Standing, names: tuple[str, ...]) -> None:
    for name in names:
        value = standing.before[name]
        setattr(conversation, name, in_utc(value) if name in MOMENTS and value else value)
