"""Orders with parcels and stated times, as tests tell of them. A Monday begins all."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from makegood.fulfilment.models import Terms, TermsVersion
from makegood.ledger.actors import System
from makegood.shop.actions import apply_order
from makegood.shop.models import Order
from makegood.shop.seen import OrderSeen, ScanSeen, ShipmentSeen
from makegood.team.models import Agent
from tests.ordered import a_shop

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SHOP = System("shop")


def stated(by: Agent, **more: object) -> TermsVersion:
    """Until two o'clock, sent the next working day, scanned one later, there after two to three."""
    said = {
        "cut_off": time(14), "handling_days": 1, "scan_days": 1, "transit_from": 2,
        "transit_to": 3, "refund_days": 14, "number": 1, "published_at": MONDAY - 9 * DAY,
    }  # fmt: skip
    terms = Terms.objects.create(name=f"Usual {Terms.objects.count()}")
    return TermsVersion.objects.create(terms=terms, published_by=by, **{**said, **more})


def parcel(*scans: tuple[str, datetime], label_at: datetime | None = None) -> ShipmentSeen:
    told = tuple(ScanSeen(kind=kind, at=at) for kind, at in scans)
    return ShipmentSeen(external_id="p1", carrier="DHL", tracking="T1", label_at=label_at,
                        scans=told)  # fmt: skip


def seen(told_at: datetime, *parcels: ShipmentSeen, **more: Any) -> OrderSeen:
    said: dict[str, Any] = {
        "external_id": "1", "number": "#1001", "placed_at": MONDAY, "told_at": told_at,
        "currency": "EUR", "total_minor": 2500, "shipments": parcels,
    }  # fmt: skip
    return OrderSeen(**{**said, **more})


def told(news: OrderSeen) -> Order:
    return apply_order(a_shop(), news, by=SHOP)
