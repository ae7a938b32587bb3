"""What conversations do about news of customers: they follow a merge, and come in after a block."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from makegood.channels.models import Arrival
from makegood.conversations.models import Conversation, Message, Participant
from makegood.customers.blocking import arrivals_set_aside
from makegood.customers.events import CustomersMerged, CustomersSplit, CustomerUnblocked
from makegood.customers.merging import handles_of, merge_numbered, note_followers, note_seen
from makegood.ledger.models import Event
from makegood.ledger.reactions import reacts_to


@reacts_to(CustomersMerged)
def follow_a_merge(event: Event) -> None:
    """Every conversation of the absorbed customer is the kept one's now."""
    kept, absorbed = event.facts["kept"], event.facts["absorbed"]
    mine = Conversation.objects.select_for_update().filter(customer=absorbed).order_by("pk")
    numbers = list(mine.values_list("pk", flat=True))
    Conversation.objects.filter(pk__in=numbers).update(customer=kept)
    note_followers(event.facts["merge"], "conversation", numbers)


@reacts_to(CustomersSplit)
def follow_a_split(event: Event) -> None:
    """What followed goes back. What else there is belongs to whose address it began with."""
    merge = merge_numbered(event.facts["merge"])
    holder, absorbed = event.facts["kept"], event.facts["absorbed"]
    followed = merge.moved.get("conversation", [])
    held = Conversation.objects.filter(customer=holder)
    back = list(held.filter(pk__in=followed).values_list("pk", flat=True))
    later = held.exclude(pk__in=followed)
    back += list(_begun_by(later, absorbed).values_list("pk", flat=True))
    Conversation.objects.filter(pk__in=back).update(customer=absorbed)
    heard = Message.objects.filter(handle__in=handles_of(absorbed), at__gte=merge.at)
    last = heard.order_by("-at").values_list("at", flat=True).first()
    if last is not None:
        note_seen(absorbed, last)


def _begun_by(conversations: QuerySet[Conversation], customer: int) -> QuerySet[Any]:
    """Those whose first participant is one of this customer's handles."""
    first = Participant.objects.filter(conversation=OuterRef("pk")).order_by("pk")
    begun = conversations.annotate(first=Subquery(first.values("handle")[:1]))
    return begun.filter(first__in=handles_of(customer))


@reacts_to(CustomerUnblocked)
def let_in_what_was_set_aside(event: Event) -> None:
    """It stands in the queue again, as if it had come this moment, with its own time."""
    block = event.facts["block"]
    Arrival.objects.filter(pk__in=arrivals_set_aside(block), outcome=f"block:{block}").update(
        taken_at=None, outcome="", attempts=0, next_try_at=None
    )
