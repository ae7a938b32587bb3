"""Spam: out of every list and count, without an answer or a clock, and never for good.

The sender is remembered, so that what they send later goes there, too. Whom we ever dealt
with in earnest is not: a person with an earlier conversation of worth is always heard.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from makegood.channels.interface import Trust
from makegood.conversations.events import SpamMarked, SpamUnmarked
from makegood.conversations.models import Conversation, Message
from makegood.conversations.standing import lock_standing
from makegood.customers.models import Customer, Handle
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor, System
from makegood.spam.actions import clear_sender, remember_sender
from makegood.spam.queries import is_spam_sender

Status = Conversation.Status
PROOF = (Trust.SUSPICIOUS, Trust.UNVERIFIED, Trust.SAME, Trust.VERIFIED)
"""How sure we are of a sender, the least first."""


@transaction.atomic
def mark_as_spam(conversation: Conversation, *, by: Actor) -> None:
    """Put it away, and what its senders send later. Asked twice, it is put away once."""
    conversation = lock_standing(conversation.pk, "customer")
    if conversation.status == Status.SPAM:
        return
    before = conversation.status
    _put_away(conversation)
    record(SpamMarked(before=before), about=_about(conversation), by=by)
    if not was_heard_in_earnest(conversation.customer, besides=conversation.pk):
        for handle in senders_of(conversation):
            remember_sender(handle, because=conversation, by=by)


def _put_away(conversation: Conversation) -> None:
    conversation.status = Status.SPAM
    conversation.snoozed_until = conversation.resolved_at = None
    conversation.save(update_fields=["status", "snoozed_until", "resolved_at"])


@transaction.atomic
def mark_as_wanted(conversation: Conversation, *, by: Actor) -> None:
    """It is no spam after all: it waits as before, and its senders are heard again."""
    conversation = lock_standing(conversation.pk, "customer")
    if conversation.status != Status.SPAM:
        return
    conversation.status = Status.OPEN
    conversation.save(update_fields=["status"])
    record(SpamUnmarked(), about=_about(conversation), by=by)
    for handle in senders_of(conversation):
        clear_sender(handle, because=conversation, by=by)


@transaction.atomic
def put_away_quietly(conversation: Conversation) -> None:
    """What a remembered sender begins goes where their mail went before."""
    _put_away(conversation)
    record(SpamMarked(before=Status.OPEN), about=_about(conversation), by=System("spam"))


def goes_to_spam(sender: Handle, trust: str) -> bool:
    """Whether a new conversation of this sender is taken for spam: never of somebody we know.

    Anybody can write under somebody else's address. What is better proven than all that was
    called spam is heard: it may be the owner's own.
    """
    if not is_spam_sender(sender) or was_heard_in_earnest(sender.customer):
        return False
    spam = Message.objects.filter(handle=sender, conversation__status=Status.SPAM)
    proof = {str(word): rank for rank, word in enumerate(PROOF)}
    known = [proof.get(word, 0) for word in spam.values_list("trust", flat=True).distinct()]
    return proof.get(trust, 0) <= max(known, default=-1)


def was_heard_in_earnest(customer: Customer, *, besides: int = 0) -> bool:
    """Whether we answered this person before, or settled something with them."""
    ours = Message.objects.filter(conversation=OuterRef("pk"), agent__isnull=False)
    others = Conversation.objects.filter(customer=customer).exclude(pk=besides)
    others = others.exclude(status=Status.SPAM)
    return others.filter(Q(status=Status.RESOLVED) | Exists(ours)).exists()


def senders_of(conversation: Conversation) -> Sequence[Handle]:
    """The customer's own addresses that wrote here."""
    wrote = conversation.messages.filter(direction=Message.Direction.INCOMING)
    handles = Handle.objects.filter(pk__in=wrote.values("handle"), customer=conversation.customer)
    return list(handles.select_related("customer").order_by("pk")[:20])


def _about(conversation: Conversation) -> list[Conversation | str]:
    return [conversation, f"customer:{conversation.customer_id}"]
