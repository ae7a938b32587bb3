from makegood.beside.events import SideUndelivered
from makegood.beside.models import SideDraft, SideMessage, SideThread
from makegood.beside.recipients import names_of
from makegood.channels.events import DeliverySettled, ReceiptCame
from makegood.channels.models import Delivery
from makegood.conversations.events import ConversationJoined, ConversationParted, ConversationSplit
from makegood.conversations.models import Message
from makegood.conversations.returning import come_back
from makegood.conversations.standing import joined_into, lock_standing
from makegood.kit.records import ref_id
from makegood.kit.text import one_line
from makegood.ledger.actions import record
from makegood.ledger.models import Event
from makegood.ledger.reactions import reacts_to

TROUBLED = (Delivery.State.FAILED, Delivery.State.BOUNCED, Delivery.State.IN_DOUBT)


@reacts_to(DeliverySettled, ReceiptCame)
def show_what_became_of_it(event: Event) -> None:
    """What was written beside says what became of it; trouble is news."""
    refs = [subject.ref for subject in event.subjects.all()]
    pk = next((ref_id(ref) for ref in refs if ref.startswith("sidemessage:")), 0)
    message = SideMessage.objects.filter(pk=pk).select_related("thread").first() if pk else None
    delivery = Delivery.objects.filter(about=f"sidemessage:{pk}").order_by("-pk").first()
    if message is None or delivery is None or message.delivery_state == delivery.state:
        return
    message.delivery_state, message.delivery_trouble = delivery.state, delivery.trouble
    message.save(update_fields=["delivery_state", "delivery_trouble"])
    if delivery.state in TROUBLED:
        _say_trouble(message, delivery, event)


def _say_trouble(message: SideMessage, delivery: Delivery, event: Event) -> None:
    thread = message.thread
    SideThread.objects.filter(pk=thread.pk).update(news_since=event.at)
    conversation = lock_standing(thread.conversation_id)
    fact = SideUndelivered(
        thread=thread.pk,
        side_message=message.pk,
        state=delivery.state,
        who=names_of(thread),
        reason=delivery.trouble[:300],
    )
    told = record(fact, about=[message, thread, conversation], by=event.actor)
    come_back(conversation, one_line(told.sentence(), 200), at=event.at, by=event.actor)


@reacts_to(ConversationJoined)
def go_along(event: Event) -> None:
    """Side threads stand where the conversation stands now, and remember their home."""
    joined, into = event.facts["conversation"], event.facts["into"]
    here = SideThread.objects.filter(conversation=joined)
    here.filter(home=None).update(home=joined)
    here.update(conversation=into)
    for draft in SideDraft.objects.filter(conversation=joined):
        drafts = SideDraft.objects.filter(conversation=into, agent=draft.agent_id, thread=None)
        there = None if draft.thread_id is not None else drafts.first()
        if there is None:
            SideDraft.objects.filter(pk=draft.pk).update(conversation=into)
        else:
            _add_to(there, draft)


def _add_to(there: SideDraft, draft: SideDraft) -> None:
    """No word is lost: what was typed here stands below what was typed there."""
    for name in ("text", "quoted"):
        words = filter(None, [getattr(there, name).rstrip(), getattr(draft, name)])
        setattr(there, name, "\n\n".join(words))
    there.to, there.subject = there.to or draft.to, there.subject or draft.subject
    there.save()
    draft.files.update(draft=there)
    draft.delete()


@reacts_to(ConversationParted)
def go_back(event: Event) -> None:
    parted, standing = event.facts["conversation"], event.facts["into"]
    family = [parted, *joined_into(parted)]
    SideThread.objects.filter(conversation=standing, home__in=family).update(conversation=parted)
    SideThread.objects.filter(conversation=parted, home=parted).update(home=None)
    of_thread = SideDraft.objects.filter(thread__conversation=parted)
    of_thread.update(conversation=parted)


@reacts_to(ConversationSplit)
def follow_a_split(event: Event) -> None:
    """A thread goes with the message that it was begun from; others with the time they began."""
    kept, split = event.facts["conversation"], event.facts["into"]
    here = SideThread.objects.filter(conversation=kept)
    going = set(here.filter(message__conversation=split).values_list("pk", flat=True))
    begin = Message.objects.get(pk=event.facts["first"])
    is_rest = not Message.objects.filter(conversation=kept, pk__gt=begin.pk).exists()
    if is_rest:
        later = here.filter(message=None, begun_at__gte=begin.at)
        going |= set(later.values_list("pk", flat=True))
    SideThread.objects.filter(pk__in=going).update(conversation=split, home=None)
    SideDraft.objects.filter(thread__in=going).update(conversation=split)
