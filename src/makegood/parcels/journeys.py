"""The times of one parcel that matter: its label, its first scan, when it was there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from makegood.parcels.naming import family_of
from makegood.shop.models import Scan
from makegood.shop.seen import ShipmentSeen

TAKEN = (Scan.Kind.PICKED_UP, Scan.Kind.IN_TRANSIT)
"""Scans that say that the carrier has it."""


@dataclass(frozen=True, kw_only=True)
class Journey:
    carrier: str
    label_at: datetime | None = None
    first_at: datetime | None = None
    delivered_at: datetime | None = None

    def as_json(self) -> list[str]:
        times = (self.label_at, self.first_at, self.delivered_at)
        return [self.carrier, *(at.isoformat() if at else "" for at in times)]

    @classmethod
    def from_json(cls, said: Sequence[str]) -> "Journey":
        times = [datetime.fromisoformat(one) if one else None for one in said[1:]]
        return cls(carrier=said[0], label_at=times[0], first_at=times[1], delivered_at=times[2])


def journey_of(shipment: ShipmentSeen) -> Journey:
    """The last delivery counts: who delivered it wrongly first had not delivered it."""
    labels = [one.at for one in shipment.scans if one.kind == Scan.Kind.LABEL_MADE]
    taken = [one.at for one in shipment.scans if one.kind in TAKEN]
    there = [one.at for one in shipment.scans if one.kind == Scan.Kind.DELIVERED]
    if shipment.label_at is not None:
        labels.append(shipment.label_at)
    return Journey(
        carrier=family_of(shipment.carrier),
        label_at=min(labels, default=None),
        first_at=min(taken, default=None),
        delivered_at=max(there, default=None),
    )


def journeys_of(parcels: Sequence[ShipmentSeen]) -> Sequence[Journey]:
    return [journey_of(one) for one in parcels]
