from makegood.channels.events import DeliverySettled, ReceiptCame
from makegood.channels.interface import ReceiptState
from makegood.channels.models import Delivery
from makegood.conversations.events import MessageDelivery, ReportDoubted
from makegood.conversations.models import Conversation, Message
from makegood.kit.records import ref_id
from makegood.ledger.actions import record
from makegood.ledger.models import Event
from makegood.ledger.reactions import reacts_to

TROUBLED = (Delivery.State.FAILED, Delivery.State.BOUNCED, Delivery.State.IN_DOUBT)


@reacts_to(DeliverySettled, ReceiptCame)
def show_the_way_of_a_message(event: Event) -> None:
    """The message on the page says what became of it; trouble brings the turn back to us."""
    refs = [subject.ref for subject in event.subjects.all()]
    pk = next((int(ref.split(":")[1]) for ref in refs if ref.startswith("message:")), 0)
    delivery = Delivery.objects.filter(about=f"message:{pk}").order_by("-pk").first()
    message = Message.objects.filter(pk=pk).select_related("conversation").first()
    if message is None or delivery is None or message.delivery_state == delivery.state:
        return
    message.delivery_state, message.delivery_trouble = delivery.state, delivery.trouble
    message.save(update_fields=["delivery_state", "delivery_trouble"])
    conversation = message.conversation
    if delivery.state in TROUBLED:
        _bring_back(conversation, event)
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
    refs = [subject.ref for subject in event.subjects.all()]
    pk = next((ref_id(ref) for ref in refs if ref.startswith("message:")), 0)
    message = Message.objects.filter(pk=pk).select_related("conversation").first()
    if message is None:
        return
    fact = ReportDoubted(message=pk, reason=str(event.facts["reason"])[:300])
    record(fact, about=[message, message.conversation], by=event.actor)


def _bring_back(conversation: Conversation, event: Event) -> None:
    """What did not reach the customer is our turn again, whatever the status was."""
    Conversation.objects.filter(pk=conversation.pk).update(
        status=Conversation.Status.OPEN,
        turn=Conversation.Turn.OURS,
        turn_since=event.at,
        snoozed_until=None,
        resolved_at=None,
    )
