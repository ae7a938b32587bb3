"""The evidence for one dispute, gathered from what is known now; a person picks and edits.

Nothing of it is copied: it is read again each time it is shown, exported or sent. So words that
were taken out of a message are gone from here, too; what was sent is proved by its hash alone.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from makegood.conversations.models import Conversation, Message
from makegood.conversations.queries import visible_among
from makegood.disputes import pieces
from makegood.disputes.checklist import Asked, Kind, asked_for
from makegood.disputes.models import Dispute, ProviderRefund
from makegood.disputes.pieces import Piece
from makegood.linking.queries import linked_numbers
from makegood.shop.hearing import parcels_of
from makegood.shop.models import Order
from makegood.team.models import Agent

MOST_MESSAGES = 60
MOST_EARLIER = 5
BEFORE = timedelta(days=30)
OLD_ENOUGH = timedelta(days=120)
"""Younger orders are not counted by card networks as a history."""
GivesPieces = Callable[[Order], Sequence[Piece]]
_GIVING: list[GivesPieces] = []
_TERMS: list[Callable[[Dispute], str]] = []


def gives_pieces(give: GivesPieces) -> GivesPieces:
    """Register who knows more of an order that speaks for us: what was given to make up for it."""
    if give not in _GIVING:
        _GIVING.append(give)
    return give


def knows_terms(say: Callable[[Dispute], str]) -> Callable[[Dispute], str]:
    """Register who knows where the shop's terms are published."""
    _TERMS[:] = [say]
    return say


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the checklist, with what we have for it."""

    asked: Asked | None
    kind: Kind
    found: Sequence[tuple[Piece, bool]]
    """Each piece, and whether it goes."""

    @property
    def title(self) -> str:
        return str(self.kind.label)

    @property
    def is_missing(self) -> bool:
        return not any(goes for _piece, goes in self.found)


@dataclass(frozen=True, kw_only=True)
class Packet:
    """Everything that is known, and what of it goes."""

    dispute: Dispute
    lines: Sequence[Line]

    @property
    def going(self) -> Sequence[Piece]:
        return [piece for line in self.lines for piece, goes in line.found if goes]

    @property
    def missing(self) -> Sequence[Line]:
        return [one for one in self.lines if one.asked and one.asked.is_needed and one.is_missing]

    @property
    def digest(self) -> str:
        """One hash of all that goes, as it reads now: in one language, whoever looks."""
        says = [
            [one.name, one.title, list(one.rows), one.text,
             [[file.name, file.file_id] for file in one.files]]
            for one in self.going
        ]  # fmt: skip
        text = json.dumps([self.dispute.statement, says], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def packet_of(dispute: Dispute, agent: Agent) -> Packet:
    """What speaks for us, as far as this agent may see it, by the checklist of its reason."""
    chosen = dict(dispute.choices.values_list("piece", "is_in"))
    found = _gathered(dispute, agent)
    asked = asked_for(dispute.reason)
    rest = [kind for kind in Kind if kind not in {one.kind for one in asked}]
    lines = [_line(one.kind, one, found, chosen) for one in asked]
    others = [_line(kind, None, found, chosen) for kind in rest]
    return Packet(dispute=dispute, lines=[*lines, *(one for one in others if one.found)])


def _line(kind: Kind, asked: Asked | None, found: Sequence[Piece], chosen: dict[str, bool]) -> Line:
    """What nobody asks for goes only where somebody picks it."""
    mine = [one for one in found if one.kind == kind]
    usual = asked is not None
    return Line(
        asked=asked,
        kind=kind,
        found=[(one, chosen.get(one.name, usual and one.is_usual)) for one in mine],
    )


def _gathered(dispute: Dispute, agent: Agent) -> Sequence[Piece]:
    found: list[Piece | None] = []
    if dispute.order_id is not None:
        parts = ("lines", "payments", "refunds", "shipments__scans")
        order = Order.objects.prefetch_related(*parts).get(pk=dispute.order_id)
        found += [pieces.of_order(order), pieces.of_payment(dispute, order)]
        found += [pieces.of_customer(dispute, order)]
        found += pieces.of_delivery(order, parcels_of(order))
        found += [pieces.of_refunds(order, _told_refunds(dispute, order))]
        found += [pieces.of_earlier(_earlier(order))]
        for give in _GIVING:
            found += give(order)
    found += _messages(dispute, agent)
    found += [pieces.of_terms(say(dispute)) for say in _TERMS]
    return [one for one in found if one is not None]


def _told_refunds(dispute: Dispute, order: Order) -> QuerySet[ProviderRefund]:
    told = ProviderRefund.objects.filter(order=order)
    if dispute.charge:
        told |= ProviderRefund.objects.filter(provider=dispute.provider, charge=dispute.charge)
    return told.distinct().order_by("at", "pk")


def _earlier(order: Order) -> QuerySet[Order]:
    """Undisputed orders of the same address, old enough to count."""
    if not order.email:
        return Order.objects.none()
    rows = Order.objects.filter(
        email=order.email, placed_at__lt=order.placed_at, standing=Order.Standing.COMPLETED,
        disputes=None,
    )  # fmt: skip
    return rows.filter(placed_at__lte=order.placed_at - OLD_ENOUGH).order_by("-placed_at")[
        :MOST_EARLIER
    ]


def _messages(dispute: Dispute, agent: Agent) -> Sequence[Piece]:
    """What was said about it; of their other matters what they said meanwhile, to be picked."""
    about = _about(dispute)
    numbers = visible_among(agent, sorted(about | _others(dispute)))
    rows = Message.objects.filter(conversation__in=numbers).select_related("conversation")
    if dispute.order is not None:
        rows = rows.filter(at__gte=dispute.order.placed_at - BEFORE)
    newest = list(rows.prefetch_related("attachments__file").order_by("-at", "-pk")[:MOST_MESSAGES])
    return [
        pieces.of_message(one, is_usual=one.conversation_id in about and not one.automatic)
        for one in reversed(newest)
        if one.delivery_state != "failed"
    ]


def _about(dispute: Dispute) -> set[int]:
    """The dispute's own conversation, what is linked with it, and what names the order."""
    if dispute.conversation_id is None:
        return set()
    return {dispute.conversation_id, *linked_numbers(dispute.conversation_id)}


def _others(dispute: Dispute) -> set[int]:
    if dispute.conversation is None:
        return set()
    theirs = Conversation.objects.filter(customer=dispute.conversation.customer_id)
    return set(theirs.exclude(status="spam").order_by("-last_at").values_list("pk", flat=True)[:20])
