"""What happened to orders, read from the shop's mirror and from whoever tells of parcels."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from makegood.fulfilment.due import ACKNOWLEDGED, PAID_CONFIRMED, OrderFacts
from makegood.shop.hearing import Parcels, Told, as_told, completed
from makegood.shop.models import Order, Scan
from makegood.shop.seen import ShipmentSeen

PARTS = ("payments", "refunds", "shipments__scans")
HANDED = {
    Scan.Kind.PICKED_UP, Scan.Kind.IN_TRANSIT, Scan.Kind.OUT_FOR_DELIVERY, Scan.Kind.DELIVERED,
    Scan.Kind.EXCEPTION, Scan.Kind.RETURNED,
}  # fmt: skip
"""Scans that nobody but a carrier makes: a label is none of them."""


def parcels_by_order(orders: Sequence[Order]) -> Mapping[int, Parcels]:
    """The parcels of each by everybody's word; its shipments and scans are there already."""
    told = [
        Told(order=one.pk, shipments=tuple(as_told(row) for row in one.shipments.all()))
        for one in orders
    ]
    return {one.order: parcels for one, parcels in zip(told, completed(told), strict=True)}


def facts_of(
    order: Order, parcels: Parcels, confirmed: Mapping[str, datetime] | None = None
) -> OrderFacts:
    """`confirmed` holds when its customer was told of what, by the kind of promise."""
    confirmed = confirmed or {}
    delivered = _every(parcels, {Scan.Kind.DELIVERED})
    refunds = [one.at for one in order.refunds.all()]
    return OrderFacts(
        placed_at=order.placed_at,
        paid_at=_paid_at(order),
        is_cancelled=order.standing == Order.Standing.CANCELLED,
        shipped_at=_last([_sent_at(one) for one in parcels]),
        first_scan_at=_every(parcels, HANDED),
        delivered_at=delivered,
        returned_at=_every(parcels, {Scan.Kind.RETURNED}),
        refunded_at=min(refunds, default=None),
        acknowledged_at=confirmed.get(ACKNOWLEDGED),
        paid_confirmed_at=confirmed.get(PAID_CONFIRMED),
    )


def _paid_at(order: Order) -> datetime | None:
    """When the money that came reached the total."""
    came = 0
    for one in sorted(order.payments.all(), key=lambda one: (one.at, one.external_id)):
        came += one.amount_minor
        if came >= order.total_minor:
            return one.at
    return order.placed_at if order.total_minor == 0 else None


def _first(parcel: ShipmentSeen, kinds: set[Scan.Kind]) -> datetime | None:
    return min((one.at for one in parcel.scans if one.kind in kinds), default=None)


def _sent_at(parcel: ShipmentSeen) -> datetime | None:
    """When the shop says that it sent it, or a carrier had it: whichever was earlier."""
    label = [one.at for one in parcel.scans if one.kind == Scan.Kind.LABEL_MADE]
    told = [*label, *([parcel.label_at] if parcel.label_at else [])]
    scanned = _first(parcel, HANDED)
    return min([*told, *([scanned] if scanned else [])], default=None)


def _every(parcels: Parcels, kinds: set[Scan.Kind]) -> datetime | None:
    """When the last of them was scanned so; None as long as one was not."""
    return _last([_first(one, kinds) for one in parcels])


def _last(moments: Sequence[datetime | None]) -> datetime | None:
    known = [one for one in moments if one is not None]
    return max(known) if known and len(known) == len(moments) else None
