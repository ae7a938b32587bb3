"""Was it you who wrote? Said by pressing a button behind a link that only one mailbox got."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.channels.interface import Trust
from makegood.conversations.events import AddressConfirmed, AddressDenied
from makegood.conversations.models import Message, Participant, Token
from makegood.conversations.standing import lock_standing, standing_number
from makegood.customers.actions import CustomerActor, verify_handle
from makegood.ledger.actions import record

PROVEN = (Trust.VERIFIED, Trust.SAME)


def is_confirmed(link: Token) -> bool:
    """Whether the owner of the address has said, or shown, that they wrote here."""
    said = Message.objects.filter(
        conversation=standing_number(link.conversation_id), handle=link.handle_id
    )
    return said.filter(trust__in=PROVEN).exists()


@transaction.atomic
def confirm_address(link: Token) -> None:
    """The owner of the address wrote what came by the form. Pressed twice, said once."""
    conversation = lock_standing(link.conversation_id)
    by = CustomerActor(link.handle)
    verify_handle(link.handle, by=by)
    changed = _what_came_by_form(link).update(
        trust=Trust.VERIFIED, trust_reason=_("Confirmed by a link that was sent to the address")
    )
    if changed:
        fact = AddressConfirmed(address=link.handle.address)
        record(fact, about=[conversation, link.handle.customer], by=by)


@transaction.atomic
def deny_address(link: Token) -> None:
    """The owner of the address did not write this: the link closes, and the agents know."""
    conversation = lock_standing(link.conversation_id)
    places = [conversation.pk, link.conversation_id]
    tokens = Token.objects.filter(conversation__in=places, handle=link.handle_id)
    if not tokens.filter(revoked_at=None).update(revoked_at=timezone.now()):
        return
    Participant.objects.filter(conversation__in=places, handle=link.handle_id).update(
        state=Participant.State.LEFT
    )
    _what_came_by_form(link).update(
        trust=Trust.SUSPICIOUS, trust_reason=_("The owner of the address says: this was not me")
    )
    fact = AddressDenied(address=link.handle.address)
    record(fact, about=[conversation, link.handle.customer], by=CustomerActor(link.handle))


def _what_came_by_form(link: Token) -> QuerySet[Message]:
    return Message.objects.filter(
        conversation=standing_number(link.conversation_id),
        handle=link.handle_id,
        arrival__origin="form",
        trust__in=[Trust.UNVERIFIED],
    )
