"""Others may know more of a shop's parcels than the shop says: whoever does registers here.

A shop tells of its parcels when it tells of the order, and what it told before is then written
anew. What carriers say is kept by the app that hears it, and laid beside the shop's words here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from makegood.shop.models import Order, Scan, Shipment
from makegood.shop.seen import ScanSeen, ShipmentSeen


@dataclass(frozen=True, kw_only=True)
class Told:
    """The parcels of one order by its shop's word; `order` is 0 while it is new."""

    order: int
    shipments: tuple[ShipmentSeen, ...]


Parcels = tuple[ShipmentSeen, ...]
Ear = Callable[[Sequence[Told]], Sequence[Parcels]]
Written = Callable[[Sequence[int]], None]
_EARS: list[Ear] = []
_WRITTEN: list[Written] = []


def hears_of_parcels(ear: Ear) -> Ear:
    """Register who lays more beside what shops tell: one answer for each that is asked."""
    _EARS.append(ear)
    return ear


def minds_written_orders(mind: Written) -> Written:
    """Register who wants to know which orders were written or taken out, in their transaction."""
    _WRITTEN.append(mind)
    return mind


def completed(told: Sequence[Told]) -> Sequence[Parcels]:
    """The parcels of each order by everybody's word."""
    for ear in _EARS:
        found = ear(told)
        told = [replace(one, shipments=more) for one, more in zip(told, found, strict=True)]
    return [one.shipments for one in told]


def were_written(orders: Sequence[int]) -> None:
    for mind in _WRITTEN:
        mind(orders)


def as_told(shipment: Shipment) -> ShipmentSeen:
    """A row as its source told it."""
    scans = tuple(
        ScanSeen(kind=one.kind, at=one.at, place=one.place) for one in shipment.scans.all()
    )
    return ShipmentSeen(
        external_id=shipment.external_id, carrier=shipment.carrier, tracking=shipment.tracking,
        label_at=shipment.label_at, scans=scans,
    )  # fmt: skip


def parcels_of(order: Order) -> Parcels:
    """All that is known of the parcels of an order, by whomever it was told."""
    rows = order.shipments.all()
    (found,) = completed([Told(order=order.pk, shipments=tuple(map(as_told, rows)))])
    return found


def same_scan(kind: str, at: datetime) -> tuple[str, datetime]:
    """What two tell of one parcel within a minute is one scan."""
    return kind, at.replace(second=0, microsecond=0)


def merged(scans: Sequence[ScanSeen], more: Sequence[ScanSeen]) -> tuple[ScanSeen, ...]:
    """Both, each scan once, in the order in which they happened."""
    known = {same_scan(one.kind, one.at): one for one in [*more, *scans]}
    rank = Scan.Kind.values
    return tuple(sorted(known.values(), key=lambda one: (one.at, rank.index(one.kind))))
