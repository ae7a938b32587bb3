"""What a source says of a thing, whole and in our words: every connector and file makes this."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from makegood.shop.models import Order, Scan


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One thing as its source tells it at a moment. What is missing in it is not there."""

    external_id: str
    told_at: datetime

    def digest(self) -> str:
        """One hash of all that it says, but for when: the same twice is the same."""
        says = {name: value for name, value in asdict(self).items() if name != "told_at"}
        if says.get("codes") == ():
            del says["codes"]  # orders that were told before there were codes stay the same
        for line in says.get("lines", ()):
            line.pop("variant", None)  # which of the shop's goods it is: a link, and nothing said
        return hash_of(says)


def hash_of(says: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(says, sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class LineSeen:
    external_id: str
    title: str
    quantity: int
    unit_minor: int
    sku: str = ""
    discount_minor: int = 0
    refunded: int = 0
    variant: str = ""
    """The shop's own number of what was bought."""


@dataclass(frozen=True, kw_only=True)
class PaymentSeen:
    external_id: str
    amount_minor: int
    currency: str
    at: datetime
    means: str = ""


@dataclass(frozen=True, kw_only=True)
class RefundSeen:
    external_id: str
    amount_minor: int
    currency: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ScanSeen:
    kind: str
    at: datetime
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class ShipmentSeen:
    external_id: str
    carrier: str = ""
    tracking: str = ""
    label_at: datetime | None = None
    scans: tuple[ScanSeen, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """Who bought, as the shop knows them."""

    buyer: str = ""
    email: str = ""
    phone: str = ""
    name: str = ""
    address: str = ""
    country: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderSeen(Seen):
    """One order, with all that belongs to it."""

    number: str
    placed_at: datetime
    currency: str
    total_minor: int
    shipping_minor: int = 0
    discount_minor: int = 0
    tax_minor: int = 0
    standing: str = Order.Standing.OPEN
    paid: str = Order.Paid.UNPAID
    method: str = ""
    buyer: Buyer = Buyer()
    lines: tuple[LineSeen, ...] = ()
    payments: tuple[PaymentSeen, ...] = ()
    refunds: tuple[RefundSeen, ...] = ()
    shipments: tuple[ShipmentSeen, ...] = ()
    codes: tuple[str, ...] = ()
    """Of coupons that were used."""


def handed_by(shipments: Sequence[ShipmentSeen]) -> str:
    """How far the parcels are by their scans: a label is no parcel that anybody has."""
    far = [_how_far(one.scans) for one in shipments]
    if not far:
        return Order.Handed.NOTHING
    if len(set(far)) == 1:
        return far[0]
    on_the_way = [one for one in far if one != Order.Handed.LABEL]
    return Order.Handed.HANDED_OVER if len(on_the_way) == len(far) else Order.Handed.PART


def _how_far(scans: Sequence[ScanSeen]) -> str:
    """By what was scanned last that says where a parcel is."""
    telling = [one for one in scans if one.kind in _FAR]
    if not telling:
        return Order.Handed.LABEL
    return _FAR[max(telling, key=lambda one: (one.at, _RANK.index(one.kind))).kind]


_RANK = tuple(Scan.Kind.values)
_FAR: dict[str, str] = {
    Scan.Kind.PICKED_UP: Order.Handed.HANDED_OVER,
    Scan.Kind.IN_TRANSIT: Order.Handed.HANDED_OVER,
    Scan.Kind.OUT_FOR_DELIVERY: Order.Handed.HANDED_OVER,
    Scan.Kind.EXCEPTION: Order.Handed.HANDED_OVER,
    Scan.Kind.DELIVERED: Order.Handed.DELIVERED,
    Scan.Kind.RETURNED: Order.Handed.RETURNED,
}


@dataclass(frozen=True, kw_only=True)
class CreditSeen:
    """Money that went back under a number of its own: what of, for whom, and when."""

    external_id: str
    at: datetime
    currency: str
    amount_minor: int
    buyer: str = ""
    email: str = ""
    reason: str = ""
    taken: tuple[tuple[str, int], ...] = ()
    """Article numbers, and how many of each."""
