"""How the parcels of the sample shop fared: by name, on the working days of shop and carrier."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from makegood.shop.models import Scan
from makegood.shop.seen import ScanSeen, ShipmentSeen

Kind = Scan.Kind
DEPOTS = ("Hamburg", "Leipzig", "Nürnberg", "Köln")
CARRIERS = (("DHL", "DHL Paket", "0034043416{:010d}"), ("DPD", "DPD Classic", "0150{:010d}"))


@dataclass(frozen=True, kw_only=True)
class Trip:
    """What is known of an order when its parcel is told of."""

    number: int
    placed_at: datetime
    now: datetime
    zone: ZoneInfo
    came_at: datetime | None = None
    place: str = ""

    def on(self, day: int, hour: int, minute: int) -> datetime:
        """So many working days after the order, some minutes more or less, by its number."""
        found = self.placed_at.astimezone(self.zone).date()
        for _day in range(day):
            found = _next_working(found)
        local = datetime.combine(found, time(hour, minute), self.zone)
        return local.astimezone(UTC) + timedelta(minutes=self.number * 7 % 47)

    @property
    def depot(self) -> str:
        return DEPOTS[self.number % len(DEPOTS)]


def _next_working(day: date) -> date:
    day += timedelta(days=1)
    return day if day.weekday() < 5 else _next_working(day)


def carried_by(number: int) -> tuple[str, str, str]:
    """The carrier of an order, how the shop calls that way to send, and how it numbers parcels."""
    return CARRIERS[0 if number % 3 else 1]


def parcels_of(trip: Trip, went: str) -> Sequence[ShipmentSeen]:
    """The parcels of an order as they are now: what lies ahead of now is not told."""
    return [
        _parcel(trip, place, [one for one in scans if one.at <= trip.now])
        for place, scans in enumerate(_WAYS[went](trip), 1)
    ]


def _parcel(trip: Trip, place: int, scans: Sequence[ScanSeen]) -> ShipmentSeen:
    carrier, _method, digits = carried_by(trip.number)
    tracking = digits.format(trip.number * 7919 + place)
    return ShipmentSeen(
        external_id=f"p{place}", carrier=carrier, tracking=tracking,
        label_at=min(trip.on(1, 10, 5), trip.now), scans=tuple(scans),
    )  # fmt: skip


Ways = Sequence[list[ScanSeen]]


def _handed(trip: Trip) -> list[ScanSeen]:
    return [
        ScanSeen(kind=Kind.LABEL_MADE, at=trip.on(1, 10, 5)),
        ScanSeen(kind=Kind.PICKED_UP, at=trip.on(1, 17, 10), place="Hamburg"),
        ScanSeen(kind=Kind.IN_TRANSIT, at=trip.on(2, 3, 40), place=trip.depot),
    ]


def _arrives(trip: Trip, day: int) -> list[ScanSeen]:
    came = trip.came_at or trip.on(day, 12, 20)
    way = [one for one in _handed(trip) if one.at < came - timedelta(hours=4)]
    out = ScanSeen(kind=Kind.OUT_FOR_DELIVERY, at=came - timedelta(hours=3, minutes=35))
    return [*way, out, ScanSeen(kind=Kind.DELIVERED, at=came)]


def _on_time(trip: Trip) -> Ways:
    return [_arrives(trip, 3)]


def _late(trip: Trip) -> Ways:
    held = ScanSeen(kind=Kind.IN_TRANSIT, at=trip.on(6, 4, 15), place=trip.depot)
    return [sorted([*_arrives(trip, 8), held], key=lambda one: one.at)]


def _label(trip: Trip) -> Ways:
    return [_handed(trip)[:1]]


def _silent(trip: Trip) -> Ways:
    return [_handed(trip)]


def _exception(trip: Trip) -> Ways:
    wrong = ScanSeen(kind=Kind.EXCEPTION, at=trip.on(5, 11, 30), place=trip.place)
    return [[*_handed(trip), wrong]]


def _returned(trip: Trip) -> Ways:
    came_back = ScanSeen(kind=Kind.RETURNED, at=trip.on(11, 9, 30), place="Hamburg")
    return [[*_arrives(trip, 3), came_back]]


def _split(trip: Trip) -> Ways:
    return [_arrives(trip, 3), _handed(trip)[:1]]


def _nothing(_trip: Trip) -> Ways:
    return []


_WAYS: dict[str, Callable[[Trip], Ways]] = {
    "on-time": _on_time,
    "late": _late,
    "label": _label,
    "silent": _silent,
    "exception": _exception,
    "returned": _returned,
    "split": _split,
    "unsent": _nothing,
    "cancelled": _nothing,
}
