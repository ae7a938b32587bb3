from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from makegood.desk.tests.asking import signed_in
from makegood.ledger.actors import System
from makegood.parcels.weighing import weigh_all
from makegood.shop.actions import apply_order
from makegood.shop.models import Order, Scan, Shop
from makegood.shop.seen import Buyer, LineSeen, OrderSeen, ScanSeen, ShipmentSeen

DAY = timedelta(days=1)


def _page(client: Client, path: str) -> str:
    shown = client.get(path)
    assert shown.status_code == 200
    return shown.content.decode()


def _order(shop: Shop, number: int, days: float, sku: str, country: str = "DE") -> Order:
    placed = timezone.now() - 20 * DAY
    scan = ScanSeen(kind=Scan.Kind.DELIVERED, at=placed + days * DAY)
    parcel = ShipmentSeen(
        external_id="s", carrier="DHL", tracking=str(number), label_at=placed, scans=(scan,)
    )
    seen = OrderSeen(
        external_id=str(number), number=f"#{number}", placed_at=placed, told_at=placed,
        currency="EUR", total_minor=100, buyer=Buyer(country=country), shipments=(parcel,),
        lines=(LineSeen(external_id="1", sku=sku, title=f"Fine {sku}", quantity=1, unit_minor=1),),
    )  # fmt: skip
    return apply_order(shop, seen, by=System("shop"))


def test_each_rate_of_late_orders_leads_to_them(olga: Any) -> None:
    client = signed_in(olga)
    assert "Nothing is judged yet" in _page(client, "/lead/late/")
    shop = Shop.objects.create(
        name="L", currency="EUR", time_zone="UTC", made_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    for number in range(40):
        _order(shop, number, 2 + number % 3 / 2, "LAMP")
    weigh_all()
    _order(shop, 78, 1, "LAMP")
    late = _order(shop, 77, 12, "DESK", "AT")
    weigh_all()
    products = _page(client, "/lead/late/")
    assert "Fine DESK" in products
    assert "over 20 %" in products
    assert "not sure" in products
    behind = _page(client, "/lead/late/orders/?days=90&sku=DESK&late=yes")
    assert late.number in behind
    assert "#3<" not in behind
    countries = _page(client, "/lead/late/?by=country&days=all")
    assert ">AT<" in countries
    assert "Fine DESK" not in _page(client, "/lead/late/?country=DE")
    for odd in ("?by=mood&days=x&country=QQ&start=-1", "?start=999999", "?carrier=dhl&days=30"):
        _page(client, f"/lead/late/{odd}")
    assert "No such order" in _page(client, "/lead/late/orders/?sku=NONE&after=zzz")
