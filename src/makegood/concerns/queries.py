"""Which orders stand beside a conversation, whose they are, and which conversations one has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone

from makegood.concerns.models import Concern, Proof
from makegood.concerns.naming import numbers_in_words
from makegood.conversations.models import Conversation, Message
from makegood.conversations.standing import joined_into, standing_number
from makegood.customers.models import Handle
from makegood.shop.finding import numbered
from makegood.shop.models import Order
from makegood.shop.queries import newest_orders

MOST_SHOWN = 5
MOST_READ, MOST_LETTERS = 20, 4000
MOST_OF_ORDER = 200
LATELY = timedelta(minutes=30)


class Why(StrEnum):
    """Why an order stands beside a conversation."""

    ATTACHED = "attached"
    NAMED = "named"
    ADDRESS = "address"


@dataclass(frozen=True, kw_only=True)
class OrderBeside:
    """An order beside a conversation, and whether its customer may hear of it."""

    order: Order
    why: Why
    is_theirs: bool
    """Ordered under one of their addresses, or shown by a code."""
    is_proven: bool = False
    proof: Proof | None = None
    """A code that is under way."""


def orders_beside(
    conversation: Conversation, addresses: Sequence[str] | None = None
) -> Sequence[OrderBeside]:
    """Attached first, then named in the customer's words, then the newest of their addresses.

    One more than is shown of the last. Each by an index: numbers are taken out of the newest
    words, and asked for all at once.
    """
    family = _family(conversation)
    theirs = _addresses(conversation) if addresses is None else addresses
    found: dict[int, tuple[Order, Why]] = {}
    attached = Concern.objects.filter(conversation__in=family).select_related("order")
    for concern in attached.order_by("-at", "-pk")[:MOST_SHOWN]:
        found.setdefault(concern.order_id, (concern.order, Why.ATTACHED))
    for order in _named(conversation):
        found.setdefault(order.pk, (order, Why.NAMED))
    for order in newest_orders(theirs):
        found.setdefault(order.pk, (order, Why.ADDRESS))
    proofs = _proofs(conversation, family, found)
    return [_beside(*one, theirs, proofs) for one in found.values()][: MOST_SHOWN + 1]


def order_meant(conversation: Conversation) -> Order | None:
    """The order that an answer speaks of: never one that its customer may not hear of."""
    theirs = (one.order for one in orders_beside(conversation) if one.is_theirs)
    return next(theirs, None)


def is_theirs(conversation: Conversation, order: Order) -> bool:
    """Whether the customer of a conversation may be told of an order."""
    proofs = _proofs(conversation, _family(conversation), [order.pk])
    return _beside(order, Why.ADDRESS, _addresses(conversation), proofs).is_theirs


def conversations_about(number: str) -> Sequence[int]:
    """The conversations of whoever placed an order of this number, and what it is attached to."""
    orders = numbered(number, most=20)
    if not orders:
        return []
    attached = Concern.objects.filter(order__in=orders).values_list("conversation", flat=True)
    addresses = {one.email for one in orders if one.email}
    buyers = Handle.objects.filter(kind="email", address__in=addresses).values("customer")
    theirs = Conversation.objects.filter(customer__in=buyers).order_by("-pk")
    found = {standing_number(pk) for pk in attached.order_by("-pk")[:MOST_OF_ORDER]}
    return sorted(found | set(theirs.values_list("pk", flat=True)[:MOST_OF_ORDER]))


def codes_of(conversation: Conversation) -> Sequence[Proof]:
    """Codes that its customer may still say, and those that showed it lately; the newest first."""
    ours = Proof.objects.filter(
        conversation__in=_family(conversation), customer=conversation.customer_id
    )
    lately = Q(proven_at__gt=timezone.now() - LATELY)
    waiting = Q(proven_at=None, expires_at__gt=timezone.now())
    return list(ours.filter(lately | waiting).select_related("order").order_by("-sent_at", "-pk"))


def _beside(
    order: Order, why: Why, addresses: Sequence[str], proofs: Sequence[Proof]
) -> OrderBeside:
    ours = [one for one in proofs if one.order_id == order.pk]
    is_proven = any(one.proven_at for one in ours)
    now = timezone.now()
    waiting = [one for one in ours if one.proven_at is None and one.expires_at > now]
    return OrderBeside(
        order=order,
        why=why,
        is_theirs=is_proven or order.email in addresses,
        is_proven=is_proven,
        proof=waiting[0] if waiting else None,
    )


def _proofs(
    conversation: Conversation, family: Sequence[int], orders: Iterable[int]
) -> Sequence[Proof]:
    """Codes for these orders, the newest first; by this customer, wherever they showed them."""
    orders = list(orders)
    if not orders:
        return []
    whose = Q(conversation__in=family) | Q(proven_at__isnull=False)
    found = Proof.objects.filter(whose, order__in=orders, customer=conversation.customer_id)
    return list(found.order_by("-sent_at", "-pk")[:100])


def _family(conversation: Conversation) -> Sequence[int]:
    has_joined = getattr(conversation, "has_joined", True)
    return [conversation.pk, *(joined_into(conversation.pk) if has_joined else ())]


def _addresses(conversation: Conversation) -> Sequence[str]:
    handles = Handle.objects.filter(customer=conversation.customer_id, kind="email")
    return list(handles.values_list("address", flat=True)[:200])


def _named(conversation: Conversation) -> Sequence[Order]:
    said = Message.objects.filter(
        conversation=conversation.pk, direction=Message.Direction.INCOMING
    ).order_by("-pk")
    texts = [
        f"{subject} {text[:MOST_LETTERS]}"
        for subject, text in said.values_list("subject", "text")[:MOST_READ]
    ]
    numbers = numbers_in_words(texts)
    if not numbers:
        return []
    orders = Order.objects.filter(folded__in=numbers).order_by("-placed_at")[:MOST_SHOWN]
    return list(orders)
