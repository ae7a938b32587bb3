from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.ledger.actors import System
from makegood.ledger.models import Event
from makegood.shop.actions import apply_order
from makegood.shop.models import Order, Scan, Shop
from makegood.shop.seen import (
    Buyer,
    LineSeen,
    OrderSeen,
    PaymentSeen,
    RefundSeen,
    ScanSeen,
    ShipmentSeen,
    handed_by,
)

DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
BY = System("shop")


@pytest.fixture
def lamps(db: None) -> Shop:
    return _a_shop()


def _a_shop() -> Shop:
    return Shop.objects.create(
        name="Lamps", currency="EUR", time_zone="Europe/Berlin", made_at=DAY
    )  # fmt: skip


def _seen(hours: int = 0, **more: Any) -> OrderSeen:
    told: dict[str, Any] = {
        "external_id": "1", "number": "#1001-B", "placed_at": DAY, "currency": "EUR",
        "total_minor": 2500, "buyer": Buyer(email="ann@example.com", name="Ann"),
        "lines": (LineSeen(external_id="1", title="Lamp", quantity=2, unit_minor=1250),),
    }  # fmt: skip
    return OrderSeen(**(told | {"told_at": DAY + timedelta(hours=hours)} | more))


def _sent(*kinds: str) -> ShipmentSeen:
    scans = (ScanSeen(kind=kind, at=DAY + timedelta(hours=n)) for n, kind in enumerate(kinds, 3))
    return ShipmentSeen(external_id="s", carrier="DHL", tracking="T1", scans=tuple(scans))


HISTORY = (
    _seen(0),
    _seen(1, paid="paid", payments=(
        PaymentSeen(external_id="p", amount_minor=2500, currency="EUR", at=DAY),
    )),
    _seen(2, paid="paid", shipments=(_sent(),)),
    _seen(5, paid="paid", shipments=(_sent("picked_up"),)),
    _seen(9, paid="part_refunded", standing="completed",
          shipments=(_sent("picked_up", "delivered"),),
          lines=(LineSeen(external_id="1", title="Lamp", quantity=1, unit_minor=1250),),
          refunds=(RefundSeen(external_id="r", amount_minor=1250, currency="EUR", at=DAY),)),
)  # fmt: skip


def _rows(shop: Shop) -> list[Any]:
    orders = Order.objects.filter(shop=shop)
    return [
        *orders.values("number", "paid", "handed", "standing", "told_at", "told", "total_minor"),
        *orders.values("lines__external_id", "lines__quantity").order_by("lines__external_id"),
        *orders.values("payments__external_id", "refunds__external_id"),
        *Scan.objects.filter(shipment__order__shop=shop).order_by("at").values("kind", "at"),
    ]


@pytest.mark.django_db
@settings(deadline=None, max_examples=25)
@given(news=st.lists(st.sampled_from(HISTORY), max_size=6).flatmap(
    lambda more: st.permutations([*HISTORY, *more])
))  # fmt: skip
def test_news_in_any_order_and_any_number_end_as_the_newest_tells(news: list[OrderSeen]) -> None:
    Shop.objects.all().delete() if not Order.objects.exists() else _away()
    shop = _a_shop()
    for seen in news:
        apply_order(shop, seen, by=BY)
    mixed = _rows(shop)
    _away()
    shop = _a_shop()
    for seen in HISTORY:
        apply_order(shop, seen, by=BY)
    assert mixed == _rows(shop)
    assert Order.objects.get().handed == Order.Handed.DELIVERED


def _away() -> None:
    for order in Order.objects.all():
        order.refunds.all().delete()
        order.delete()
    Shop.objects.all().delete()


def test_the_same_twice_changes_nothing_and_records_nothing(lamps: Shop) -> None:
    apply_order(lamps, HISTORY[-1], by=BY)
    events, rows = Event.objects.count(), _rows(lamps)
    apply_order(lamps, HISTORY[-1], by=BY)
    assert (Event.objects.count(), _rows(lamps)) == (events, rows)


def test_older_news_that_were_said_again_stay_older(lamps: Shop) -> None:
    apply_order(lamps, _seen(0), by=BY)
    apply_order(lamps, _seen(4), by=BY)
    apply_order(lamps, _seen(2, standing="cancelled"), by=BY)
    assert Order.objects.get().standing == Order.Standing.OPEN


def test_what_changed_is_recorded_once_and_by_name(lamps: Shop) -> None:
    for seen in HISTORY:
        order = apply_order(lamps, seen, by=BY)
    told = Event.objects.filter(subjects__ref=order.ref).order_by("pk")
    assert [event.kind for event in told] == [
        "order.placed", "order.changed", "order.paid", "order.changed", "order.changed",
        "order.scanned", "order.changed", "order.refunded", "order.scanned",
    ]  # fmt: skip
    assert told[3].facts["what"] == ["handed"]
    assert told[2].facts["amount"] == "25.00 EUR"


@pytest.mark.parametrize(
    ("parcels", "handed"),
    [
        ((), "nothing"),
        ((_sent(),), "label"),
        ((_sent("label_made"),), "label"),
        ((_sent("picked_up"),), "handed_over"),
        ((_sent("picked_up"), _sent()), "part"),
        ((_sent("picked_up"), _sent("delivered")), "handed_over"),
        ((_sent("picked_up", "delivered"),), "delivered"),
        ((_sent("picked_up", "exception", "returned"),), "returned"),
    ],
)
def test_a_label_without_a_scan_is_not_handed_over(parcels: Any, handed: str) -> None:
    assert handed_by(parcels) == handed
