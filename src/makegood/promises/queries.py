"""Promises read through a gate: of conversations that the agent may see, and of no others."""

from collections.abc import Sequence

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from makegood.channels.queries import inboxes_visible_to
from makegood.conversations.models import Conversation
from makegood.promises.models import Promise
from makegood.shop.models import Order
from makegood.team.models import Agent

TO_DO = Q(settled_at=None) | Q(asks_since__isnull=False)
"""What is to be kept still, and what was broken and nobody said yet why."""


def seen_by(agent: Agent) -> QuerySet[Promise]:
    """The promises of the conversations that an agent may see, and of orders: all see these."""
    rows = Promise.objects.select_related(
        "conversation__inbox", "order", "version__policy", "owner", "cause"
    )
    return rows.filter(seen(agent))


def seen(agent: Agent) -> Q:
    """The one rule of who sees what."""
    if agent.sees_everything():
        return Q()
    inboxes = [one.pk for one in inboxes_visible_to(agent)]
    return Q(conversation__inbox__in=inboxes) | Q(conversation=None)


def promise_for(agent: Agent, pk: int) -> Promise:
    return get_object_or_404(seen_by(agent), pk=pk)


def promises_of(conversation: Conversation) -> Sequence[Promise]:
    """What is to be kept, or asks why it broke: the next due first, what rests behind."""
    rows = Promise.objects.filter(TO_DO, conversation=conversation)
    rows = rows.select_related("version__policy", "owner", "cause")
    return list(rows.order_by(F("rests_since").asc(nulls_first=True), "due_at", "pk"))


def promises_of_order(order: Order) -> Sequence[Promise]:
    """All that was ever promised of an order, the next due first."""
    rows = Promise.objects.filter(order=order).select_related("owner", "cause", "version__policy")
    return list(rows.order_by("due_at", "pk"))


def settled_promises_of(conversation: Conversation, most: int = 50) -> Sequence[Promise]:
    rows = Promise.objects.filter(conversation=conversation).exclude(settled_at=None)
    return list(
        rows.select_related("version__policy", "owner").order_by("-settled_at", "-pk")[:most]
    )


def open_promises(agent: Agent) -> QuerySet[Promise]:
    """What is to be kept among what an agent sees, the next due first; nothing of what rests."""
    return seen_by(agent).filter(settled_at=None, rests_since=None).order_by("due_at", "pk")


def promises_on_the_day_of(agent: Agent) -> QuerySet[Promise]:
    """What rides on one agent: their own words, and what is owed in their conversations."""
    theirs = Q(owner=agent) | Q(owner=None, conversation__assignee=agent)
    return open_promises(agent).filter(theirs)


def has_promises() -> Exists:
    """Of conversations: whether something is to be kept there, or asks why it broke."""
    return Exists(Promise.objects.filter(TO_DO, conversation=OuterRef("pk")))
