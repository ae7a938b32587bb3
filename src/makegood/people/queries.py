from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.utils import timezone

from makegood.channels.queries import inboxes_visible_to
from makegood.chat.barring import network_block_numbered
from makegood.chat.models import NetworkBlock
from makegood.conversations.models import Conversation, Participant
from makegood.customers.blocking import block_numbered, owner_of
from makegood.customers.merging import kept_instead_of, merge_numbered
from makegood.customers.models import Block, Customer, CustomerNote, Handle, Merge
from makegood.customers.queries import handle_numbered, note_numbered
from makegood.people.models import Copy, Segment
from makegood.team.models import Agent


def visible_customers(agent: Agent) -> Q:
    """Whom an agent may know of: who has, or takes part in, a conversation they may see."""
    if agent.sees_everything():
        return Q()
    inboxes = [inbox.pk for inbox in inboxes_visible_to(agent)]
    conversations = Conversation.objects.filter(customer=OuterRef("pk"), inbox__in=inboxes)
    takes_part = Participant.objects.filter(
        handle__customer=OuterRef("pk"), conversation__inbox__in=inboxes
    )
    return Q(Exists(conversations)) | Q(Exists(takes_part))


def customer_for(agent: Agent, pk: int) -> Customer:
    """A customer whom this agent may know of, or 404; the kept one where they were merged."""
    found = Customer.objects.select_related("merged_into").filter(pk=pk).first()
    if found is None:
        raise Http404
    return may_know(agent, kept_instead_of(found))


def may_know(agent: Agent, customer: Customer) -> Customer:
    if not knows(agent, customer):
        raise Http404
    return customer


def knows(agent: Agent, customer: Customer) -> bool:
    return Customer.objects.filter(visible_customers(agent), pk=customer.pk).exists()


def handle_for(agent: Agent, pk: int) -> Handle:
    handle = handle_numbered(pk)
    may_know(agent, handle.customer)
    return handle


def block_for(agent: Agent, pk: int) -> Block:
    """A block of a customer whom this agent may know of."""
    block = block_numbered(pk)
    may_know(agent, kept_instead_of(owner_of(block)))
    return block


def network_block_for(agent: Agent, pk: int) -> tuple[NetworkBlock, Customer]:
    """A block of the network of a customer whom this agent may know of, and that customer."""
    block = network_block_numbered(pk)
    if block.customer is None:
        raise Http404
    return block, may_know(agent, kept_instead_of(block.customer))


def note_for(agent: Agent, pk: int) -> CustomerNote:
    """A note, for the one who wrote it and for those who see everything."""
    note = note_numbered(pk)
    may_know(agent, note.customer)
    if note.by != agent.ref and not agent.sees_everything():
        raise Http404
    return note


def merge_for(agent: Agent, pk: int) -> Merge:
    """A merge of a customer whom this agent may know of, as long as it holds."""
    merge = merge_numbered(pk)
    may_know(agent, kept_instead_of(merge.kept))
    return merge


def copies_of(customer: Customer, agent: Agent, now: datetime) -> Sequence[Copy]:
    """The copies that this agent asked for and that still matter."""
    copies = Copy.objects.filter(customer=customer, asked_by=agent)
    alive = Q(state=Copy.State.WAITING) | Q(state=Copy.State.READY, expires_at__gt=now)
    return list(copies.filter(alive | Q(state=Copy.State.FAILED)).order_by("-pk")[:3])


def person_to_hand_over(agent: Agent, pk: int) -> Customer:
    """A customer whose data this agent may hand over, or 404."""
    if not agent.may("customers.export"):
        raise Http404
    return customer_for(agent, pk)


def person_to_forget(agent: Agent, pk: int) -> Customer:
    """A customer whom this agent may forget, or 404."""
    if not agent.may("customers.forget"):
        raise Http404
    return customer_for(agent, pk)


def copy_for(agent: Agent, pk: int) -> Copy:
    """A copy that is ready, for the one who asked for it and may still have it; else 404."""
    found = Copy.objects.select_related("customer").filter(pk=pk, asked_by=agent.pk).first()
    if (
        found is None
        or not agent.may("customers.export")
        or not found.can_be_fetched(timezone.now())
    ):
        raise Http404
    return found


def segments() -> Sequence[Segment]:
    return list(Segment.objects.select_related("made_by"))


def segment_numbered(pk: int) -> Segment:
    found = Segment.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def segment_for(agent: Agent, pk: int) -> Segment:
    """A segment as the one who made it, a lead or an owner may change it; else 404."""
    found = segment_numbered(pk)
    if found.made_by_id != agent.pk and not agent.sees_everything():
        raise Http404
    return found
