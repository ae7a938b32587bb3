"""Pieces of evidence, each made from one thing that the customer may see.

A message becomes a piece; a note cannot: nothing here takes one, and the types say so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from makegood.conversations.models import Attachment, Message
from makegood.disputes.checklist import Kind
from makegood.disputes.models import Dispute, ProviderRefund
from makegood.shop.models import Order, Refund, Scan
from makegood.shop.seen import ScanSeen, ShipmentSeen

MOST_WORDS = 4000


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One thing that is shown to the provider, as it will read there."""

    name: str
    kind: Kind
    title: str
    rows: Sequence[tuple[str, str]] = ()
    text: str = ""
    files: Sequence[Attachment] = ()
    is_usual: bool = True
    """Whether it goes unless somebody says that it does not."""
    hint: str = ""
    """For whoever chooses, and never for the provider."""


def of_order(order: Order) -> Piece:
    rows = [(f"{line.quantity} × {line.title}", str(line.total())) for line in order.lines.all()]
    if order.shipping_minor:
        rows.append((_("Shipping costs"), str(order.money(order.shipping_minor))))
    if order.discount_minor:
        rows.append((_("Discount of the order"), str(order.money(-order.discount_minor))))
    rows.append((_("Total"), str(order.total)))
    told = {"number": order.number, "when": when(order.placed_at)}
    title = _("Order %(number)s of %(when)s") % told
    return Piece(name="order", kind=Kind.ORDER, title=title, rows=rows)


def of_payment(dispute: Dispute, order: Order) -> Piece | None:
    rows = [
        (_("%(means)s, %(when)s") % {"means": one.means or _("paid"), "when": when(one.at)},
         f"{one.amount()} · {one.external_id}")
        for one in order.payments.all()
    ]  # fmt: skip
    if not rows:
        return None
    hint = "" if dispute.charge or dispute.intent else _("The provider named no payment.")
    return Piece(name="payment", kind=Kind.PAYMENT, title=_("Payments"), rows=rows, hint=hint)


def of_customer(dispute: Dispute, order: Order) -> Piece:
    """Who ordered and to where; that the payer has the same name is said where it is so."""
    rows = [(_("Name"), order.name), (_("E-mail"), order.email), (_("Telephone"), order.phone)]
    rows += [(_("Sent to"), ", ".join(filter(None, (order.address, order.country))))]
    hint = ""
    if dispute.name and order.name:
        is_same = dispute.name.casefold() == order.name.casefold()
        if is_same:
            rows.append((_("Name of who paid"), _("%(name)s: the same") % {"name": dispute.name}))
        else:
            told = {"payer": dispute.name, "buyer": order.name}
            hint = _("%(payer)s paid and %(buyer)s ordered: look before this goes.") % told
    rows = [row for row in rows if row[1]]
    return Piece(
        name="customer", kind=Kind.CUSTOMER, title=_("Buyer and address"), rows=rows, hint=hint
    )


def of_delivery(order: Order, shipments: Iterable[ShipmentSeen]) -> Sequence[Piece]:
    return [_of_parcel(order, number, one) for number, one in enumerate(shipments, 1)]


def _of_parcel(order: Order, number: int, parcel: ShipmentSeen) -> Piece:
    named = " · ".join(filter(None, (parcel.carrier, parcel.tracking)))
    rows = [(_("Carrier and tracking number"), named)] if named else []
    scans = sorted(parcel.scans, key=lambda one: one.at)
    for scan in scans:
        said = str(Scan.Kind(scan.kind).label)
        rows.append((said, " · ".join(filter(None, (when(scan.at), scan.place)))))
    arrived = next((one for one in scans if one.kind == Scan.Kind.DELIVERED), None)
    rows += _same_place(order, arrived)
    is_delivered = arrived is not None
    return Piece(
        name=f"parcel:{parcel.external_id}"[:40],
        kind=Kind.DELIVERY,
        title=_("Parcel %(n)s") % {"n": number},
        rows=rows,
        is_usual=bool(rows),
        hint="" if is_delivered else _("No scan says that it was delivered."),
    )


def _same_place(order: Order, arrived: ScanSeen | None) -> list[tuple[str, str]]:
    """That the carrier's place stands in the order's address: the match that banks look for."""
    place = arrived.place.strip() if arrived else ""
    if place and place.casefold() in order.address.casefold():
        return [(_("Delivered where it was sent to"), place)]
    return []


def of_refunds(order: Order, told: Iterable[ProviderRefund]) -> Piece | None:
    """What went back: the provider's own word first, as its bank can find it."""
    rows = [_provider_row(one) for one in told]
    if not rows:
        rows = [_shop_row(one) for one in order.refunds.all()]
    if not rows:
        return None
    return Piece(name="refunds", kind=Kind.REFUNDS, title=_("Refunds"), rows=rows)


def _provider_row(one: ProviderRefund) -> tuple[str, str]:
    named = f"{one.external_id} · {one.reference}" if one.reference else one.external_id
    return f"{when(one.at)} · {one.get_state_display()}", f"{one.amount} · {named}"


def _shop_row(one: Refund) -> tuple[str, str]:
    return when(one.at), f"{one.amount()} · {one.external_id}"


def of_earlier(orders: Iterable[Order]) -> Piece | None:
    rows = [(f"{one.number} · {when(one.placed_at)}", f"{one.total}") for one in orders]
    if not rows:
        return None
    title = _("Earlier orders of the same address")
    return Piece(name="earlier", kind=Kind.EARLIER, title=title, rows=rows)


def of_message(message: Message, *, is_usual: bool) -> Piece:
    """What was said, as it stands now: what was taken out of it since is not there any more."""
    told = {"name": message.author_name or _("Somebody"), "when": when(message.at)}
    title = _("%(name)s, %(when)s") % told
    side = _("from the customer") if message.is_incoming() else _("to the customer")
    files = [one for one in message.attachments.all() if not one.is_inline]
    return Piece(
        name=f"message:{message.pk}",
        kind=Kind.MESSAGES,
        title=f"{title} · {side}",
        text=message.text[:MOST_WORDS],
        files=files,
        is_usual=is_usual,
    )


def of_terms(address: str) -> Piece | None:
    if not address:
        return None
    rows = [(_("As published at"), address)]
    return Piece(name="terms", kind=Kind.TERMS, title=_("Terms and returns"), rows=rows)


def when(at: object) -> str:
    """For a bank that sits elsewhere: the day in full, the hour with its zone."""
    return formats.date_format(timezone.localtime(at), "Y-m-d H:i T")  # type: ignore[arg-type]
