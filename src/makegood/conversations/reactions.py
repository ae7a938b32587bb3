from collections.abc import Sequence

from django.utils.translation import gettext

from makegood.channels.email.causes import words_for
from makegood.channels.email.refusing import refusal_in
from makegood.channels.events import DeliverySettled, ReceiptCame
from makegood.channels.interface import ReceiptState
from makegood.channels.models import Delivery
from makegood.conversations.acknowledging import acknowledge
from makegood.conversations.events import (
    MessageDelivery,
    MessageReceived,
    Replied,
    ReportDoubted,
    Resolved,
    SpamMarked,
)
from makegood.conversations.heard import message_heard
from makegood.conversations.models import Conversation, Message
from makegood.conversations.resting import somebody_waits_for, wake_those_who_wait_for
from makegood.customers.delivering import RefusedMail, note_complaint, note_refusal
from makegood.customers.models import Handle
from makegood.customers.queries import handle_at
from makegood.kit.records import ref_id
from makegood.ledger.actions import record
from makegood.ledger.models import Event
from makegood.ledger.reactions import reacts_to, reacts_together_to

TROUBLED = (Delivery.State.FAILED, Delivery.State.BOUNCED, Delivery.State.IN_DOUBT)
REFUSED = (ReceiptState.BOUNCED, ReceiptState.REFUSED, ReceiptState.QUEUED)


@reacts_to(DeliverySettled, ReceiptCame)
def show_the_way_of_a_message(event: Event) -> None:
    """The message on the page says what became of it; trouble brings the turn back to us."""
    pk = _number(event, "message")
    delivery = Delivery.objects.filter(about=f"message:{pk}").order_by("-pk").first()
    message = Message.objects.filter(pk=pk).select_related("conversation").first()
    if message is None or delivery is None or message.delivery_state == delivery.state:
        return
    message.delivery_state, message.delivery_trouble = delivery.state, delivery.trouble
    message.save(update_fields=["delivery_state", "delivery_trouble"])
    conversation = message.conversation
    _mark(conversation, message, event)
    record(
        MessageDelivery(message=message.pk, state=delivery.state, reason=delivery.trouble[:500]),
        about=[message, conversation, conversation.inbox],
        by=event.actor,
    )


@reacts_to(ReceiptCame)
def say_what_a_stranger_reports(event: Event) -> None:
    """Anybody can write that a mail did not arrive: it is shown, and believed by nobody."""
    troubled = event.facts["state"] in (ReceiptState.BOUNCED, ReceiptState.REFUSED)
    if event.facts.get("is_proven", True) or not troubled:
        return
    pk = _number(event, "message")
    message = Message.objects.filter(pk=pk).select_related("conversation").first()
    if message is None:
        return
    fact = ReportDoubted(message=pk, reason=str(event.told().get("reason", ""))[:300])
    record(fact, about=[message, message.conversation], by=event.actor)


@reacts_to(MessageReceived)
def answer_by_itself(event: Event) -> None:
    """A conversation that began is acknowledged, where its inbox wants that."""
    message = message_heard(event)
    if message.conversation.status != Conversation.Status.SPAM:
        acknowledge(message)


@reacts_together_to(Resolved, SpamMarked)
def wake_who_waited_for_it(events: Sequence[Event]) -> None:
    """One is settled: whoever rests until then comes back."""
    settled = {event.pk: _number(event, "conversation") for event in events}
    if somebody_waits_for(settled.values()):
        for event in events:
            wake_those_who_wait_for(settled[event.pk], by=event.actor, at=event.at)


@reacts_to(Replied)
def forget_what_woke_it(event: Event) -> None:
    """Somebody answered: why it came back is of no interest any more."""
    answered = Conversation.objects.filter(pk=_number(event, "conversation"))
    answered.exclude(woke="").update(woke="")


@reacts_to(ReceiptCame)
def hear_of_an_address(event: Event) -> None:
    """What the other side says of a mail of ours counts for the address that it went to."""
    delivery = Delivery.objects.filter(pk=_number(event, "delivery")).first()
    told = event.told()
    handle = _addressee(delivery, str(told.get("address", ""))) if delivery else None
    if handle is None or delivery is None or not told.get("is_proven", True):
        return
    if told["state"] == ReceiptState.COMPLAINED:
        note_complaint(handle, at=event.at, by=event.actor)
    elif told["state"] in REFUSED and told.get("is_of_the_way", True):
        refused = _refused(delivery, told["is_hard"], told["cause"], told["reason"])
        note_refusal(handle, refused, at=event.at, by=event.actor)


@reacts_to(DeliverySettled)
def hear_of_a_refused_address(event: Event) -> None:
    """The other server refused while we spoke with it: that is a bounce without the mail."""
    delivery = Delivery.objects.filter(pk=_number(event, "delivery")).first()
    if delivery is None or event.facts["state"] != Delivery.State.FAILED:
        return
    said = str(event.told().get("reason", ""))
    receipt, handle = refusal_in(said), _addressee(delivery, "")
    if receipt is not None and handle is not None:
        refused = _refused(delivery, receipt.is_hard, receipt.cause, said)
        note_refusal(handle, refused, at=event.at, by=event.actor)


def _number(event: Event, kind: str) -> int:
    refs = [subject.ref for subject in event.subjects.all()]
    return next((ref_id(ref) for ref in refs if ref.startswith(f"{kind}:")), 0)


def _refused(delivery: Delivery, is_hard: bool, cause: str, said: str) -> RefusedMail:
    reason = str(gettext(words_for(cause)))
    return RefusedMail(about=delivery.ref, is_final=is_hard, cause=cause, reason=reason, said=said)


def _addressee(delivery: Delivery, named: str) -> Handle | None:
    """Whom a report is about, among those we wrote to: it may name nobody, and nobody else."""
    written_to = [one["address"] for key in ("to", "cc") for one in delivery.outgoing.get(key, ())]
    if len(written_to) == 1:
        return handle_at("email", written_to[0])
    handle = handle_at("email", named) if named else None
    return handle if handle and handle.address in written_to else None


def _mark(conversation: Conversation, message: Message, event: Event) -> None:
    """What did not reach the customer is our turn again, whatever the status was."""
    marked = Conversation.objects.filter(pk=conversation.pk)
    if conversation.status == Conversation.Status.SPAM:
        return
    if message.delivery_state not in TROUBLED:
        if not conversation.is_undelivered:
            return
        sent = Message.objects.filter(conversation=conversation, delivery_state__in=TROUBLED)
        marked.update(is_undelivered=sent.filter(pk__gt=message.pk).exists())
        return
    marked.update(
        is_undelivered=True,
        status=Conversation.Status.OPEN,
        turn=Conversation.Turn.OURS,
        turn_since=event.at,
        snoozed_until=None,
        resolved_at=None,
    )
