"""What becomes of an order's promises, said slowly: by its newest news alone, day by day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from makegood.shop.seen import OrderSeen, ShipmentSeen

BERLIN = ZoneInfo("Europe/Berlin")
TAKEN = ("picked_up", "in_transit", "out_for_delivery", "delivered", "exception", "returned")
Expected = dict[str, tuple[str, datetime, datetime | None]]


def expected(news: OrderSeen, now: datetime) -> Expected:
    """Of `tests.parcelled.stated`: kind to state, due time, and when it was kept."""
    day = news.placed_at.astimezone(BERLIN).date()
    sent, scanned, there = _later(day, 1), _later(day, 2), _later(day, 4)
    done = {
        "shipped": _all(news.shipments, _sent),
        "first_scan": _all(news.shipments, lambda one: _first(one, TAKEN)),
        "delivered": _all(news.shipments, lambda one: _first(one, ("delivered",))),
    }
    found: Expected = {}
    for kind, until in (("shipped", sent), ("first_scan", scanned), ("delivered", there)):
        due = datetime.combine(until, time(23, 59, 59), BERLIN).astimezone(UTC)
        at = done[kind]
        if at is not None:
            found[kind] = ("kept" if at <= due else "kept_late", due, at)
        elif news.standing != "cancelled":
            found[kind] = ("broken" if due < now else "open", due, None)
    return found


def _later(day: date, count: int) -> date:
    for _each in range(count):
        day += timedelta(days=1)
        while day.weekday() > 4:
            day += timedelta(days=1)
    return day


def _first(parcel: ShipmentSeen, kinds: tuple[str, ...]) -> datetime | None:
    return min((one.at for one in parcel.scans if one.kind in kinds), default=None)


def _sent(parcel: ShipmentSeen) -> datetime | None:
    told = [one for one in (parcel.label_at, _first(parcel, TAKEN)) if one]
    return min(told, default=None)


def _all(parcels, when) -> datetime | None:
    moments = [when(one) for one in parcels]
    return max(moments) if moments and None not in moments else None
