"""A conversation that begins with us: something happened, and nobody has written yet.

The customer hears nothing of it until somebody writes to them in it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from makegood.channels.models import Inbox
from makegood.conversations.events import ConversationOpened
from makegood.conversations.models import Conversation, Participant
from makegood.customers.actions import with_whom_now
from makegood.customers.models import Handle
from makegood.kit.text import one_line
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What it is about, for those who find it in their list."""

    subject: str
    reason: str
    preview: str = ""


@transaction.atomic
def begin_conversation(
    inbox: Inbox, handle: Handle, matter: Matter, *, at: datetime, by: Actor
) -> Conversation:
    """Open a conversation with somebody, in which it is our turn and nobody waits for an answer."""
    handle = with_whom_now(handle)
    conversation = Conversation.objects.create(
        inbox=inbox,
        customer=handle.customer,
        subject=one_line(matter.subject, 250),
        preview=one_line(matter.preview, 200),
        turn_since=at,
        opened_at=at,
        last_at=at,
    )
    Participant.objects.create(conversation=conversation, handle=handle, joined_at=at)
    record(
        ConversationOpened(conversation=conversation.pk, reason=matter.reason),
        about=[conversation, handle.customer, inbox],
        by=by,
        at=at,
    )
    return conversation
