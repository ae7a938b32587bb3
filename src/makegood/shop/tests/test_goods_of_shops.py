"""What every connector reads of goods: the same lamp, told by each in its own words."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from makegood.ledger.models import Event
from makegood.shop import connecting
from makegood.shop.connectors import medusa_goods, shopify_reading, woocommerce_reading
from makegood.shop.connectors.interface import Ask
from makegood.shop.connectors.registry import connector
from makegood.shop.models import Cart, Connection, Coupon, Order, Product, Pull, Signal, Variant
from makegood.shop.pulling import begin_pulls
from makegood.shop.signals import read_next_signals
from makegood.shop.tests.counterparts import SAMPLES, counterpart, sample
from makegood.shop.tests.test_connectors import KINDS, Met, meet, pull_all
from tests.ordered import a_way_to_a_shop

pytestmark = pytest.mark.django_db

OF_GOODS = [one for one in KINDS if "product" in connector(one.kind).brings]
"""Whose connector reads goods."""

NAMES = {"shopify": "632910392", "woocommerce": "794", "vendure": "1", "generic": "p1"}
TOPICS = {
    "shopify": ("X-Shopify-Topic", "products/update", "products/delete"),
    "woocommerce": ("X-WC-Webhook-Topic", "product.updated", "product.deleted"),
}


@pytest.fixture(params=OF_GOODS, ids=lambda one: one.kind)
def met(request: Any, settings: Any) -> Iterator[Met]:
    yield from meet(request.param, settings)


def told(met: Met, said: Any, happened: int) -> None:
    """A signal of a product: 1 says that it changed, 2 that it was deleted."""
    named = TOPICS.get(met.kind.kind)
    headers = {named[0]: named[happened]} if named else {}
    assert met.post(said, **headers) == 200
    read_next_signals()
    assert [one.trouble for one in Signal.objects.all()] == [""] * Signal.objects.count()


def as_it_is() -> list[Any]:
    rows = Variant.objects.order_by("product__external_id", "position")
    return [(str(one), one.sku, one.price_minor, one.currency, one.stock) for one in rows]


LAMPS = [
    ("Paper lamp – White", "L-1", 1500, "EUR", 3),
    ("Paper lamp – Red", "L-2", 1650, "EUR", None),
]


def is_of_goods(asked: Any) -> bool:
    """Vendure asks for everything at one place."""
    places = ("product", "price_rules", "coupons", "found: promotions(")
    told = asked.path + json.dumps(asked.said or "")
    return any(place in told for place in places) and "orders(" not in told


def test_a_first_import_brings_goods_and_codes(met: Met) -> None:
    begin_pulls(met.way, Pull.Purpose.FIRST)
    pull_all()
    assert as_it_is() == LAMPS
    product = Product.objects.get()
    assert (product.external_id, product.is_gone) == (NAMES[met.kind.kind], False)
    assert product.told_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    coupon = Coupon.objects.get()
    found = (coupon.folded, coupon.takes_off(), coupon.least_minor, coupon.uses, coupon.most_uses)
    uses = 0 if met.kind.kind == "vendure" else 4  # it does not tell
    assert found == ("sorry5", "12.5 %", 4000, uses, 20)
    assert coupon.valid_until == datetime(2026, 5, 31, 22, tzinfo=UTC)
    pulls = {one.what: one for one in Pull.objects.all()}
    assert {one.state for one in pulls.values()} == {"done"}
    assert pulls["product"].counts == {"taken": 1, "refused": 1}
    assert pulls["product"].trouble, "one of them cannot be read"
    assert not Event.objects.filter(kind__startswith="stock.").exists()


def test_a_nightly_look_at_everything_changes_nothing_and_tells_nothing(met: Met) -> None:
    begin_pulls(met.way, Pull.Purpose.FIRST)
    pull_all()
    there, events = as_it_is(), Event.objects.count()
    begin_pulls(met.way, Pull.Purpose.NIGHT, timezone.now())
    pull_all()
    assert (as_it_is(), Event.objects.count()) == (there, events)
    asked = [one for one in met.shop.asked if is_of_goods(one)]
    assert asked
    assert not any("updated_at_min" in one.query or "since" in one.query for one in asked)


def test_a_signal_ends_in_the_product_and_its_deletion_in_a_mark(met: Met) -> None:
    said: Any
    gone: Any
    if met.kind.kind == "generic":
        said = sample("generic_product")
        gone = {"type": "gone", "data": {"id": "p1", "what": "product",
                                         "updated_at": "2026-03-05T09:00:00Z"}}  # fmt: skip
    elif met.kind.kind == "vendure":
        said = {"topic": "variant.updated", "product": "1"}
        gone = {"topic": "product.deleted", "product": "1"}
    else:
        said, gone = sample(f"{met.kind.kind}_product"), {"id": int(NAMES[met.kind.kind])}
    told(met, said, 1)
    assert as_it_is() == LAMPS
    told(met, gone, 2)
    assert Product.objects.get().is_gone
    assert Variant.objects.count() == 2


@pytest.mark.parametrize(
    ("place", "name", "told"),
    [("shopify_order", "variant_id", 7), ("woocommerce_order", "variation_id", 7),
     ("woocommerce_order", "product_id", 7)],
)  # fmt: skip
def test_the_lines_of_an_order_name_what_was_bought(place: str, name: str, told: int) -> None:
    said = sample(place)
    said["line_items"][0][name] = told
    reads: Any = (
        shopify_reading.order_seen(said)
        if place.startswith("shopify")
        else woocommerce_reading.order_seen(said, [])
    )
    assert [line.variant for line in reads.lines] == ["7"]


def test_a_shop_that_gives_no_right_to_its_goods_says_so_and_that_is_all(
    met: Met, settings: Any
) -> None:
    def shut(shop: Any, one: Any) -> Any:
        if is_of_goods(one):
            return 403, {"errors": "This action requires merchant approval."}, {}
        return met.kind.answer(shop, one)

    with counterpart(shut) as shop:
        settings.NEAR_HOSTS = (f"127.0.0.1:{shop.port}",)
        Connection.objects.update(base_url=shop.url)
        begin_pulls(met.way, Pull.Purpose.FIRST)
        pull_all()
    pulls = {one.what: one for one in Pull.objects.all()}
    assert {one.state for one in pulls.values()} == {"done"}
    assert "merchant approval" in pulls["product"].trouble
    assert Order.objects.exists()


@pytest.fixture
def shopify(settings: Any) -> Any:
    yield from meet(KINDS[0], settings)


def test_shopify_counts_at_several_places_and_all_of_them_count(shopify: Met) -> None:
    told(shopify, sample("shopify_product"), 1)
    level = {"inventory_item_id": 39072856, "location_id": 1, "available": 0,
             "updated_at": "2026-03-03T10:00:00+01:00"}  # fmt: skip
    shopify.post(level, **{"X-Shopify-Topic": "inventory_levels/update"})
    read_next_signals()
    assert Variant.objects.get(external_id="808950810").stock == 5
    assert not Event.objects.filter(kind__startswith="stock.").exists(), "elsewhere there are some"


def test_shopify_tells_of_carts_until_they_are_bought(shopify: Met) -> None:
    said, topic = sample("shopify_checkout"), {"X-Shopify-Topic": "checkouts/update"}
    shopify.post(said, **topic)
    read_next_signals()
    cart = Cart.objects.get()
    assert (cart.email, cart.value_minor, cart.is_over) == ("ann@example.com", 3490, False)
    assert cart.lines == [{"title": "Paper lamp – White", "quantity": 2, "sku": "L-1"}]
    over = {"completed_at": "2026-11-20T11:00:00Z", "updated_at": "2026-11-20T11:00:00Z"}
    shopify.post({**said, **over}, **topic)
    shopify.post({**said, "note": "late"}, **topic)
    read_next_signals()
    assert Cart.objects.get().is_over


def test_an_address_of_a_product_that_nobody_can_see_is_none(shopify: Met) -> None:
    told(shopify, sample("shopify_product"), 1)
    assert Product.objects.get().url.endswith("/products/paper-lamp")
    hidden = {"published_at": None, "updated_at": "2026-03-03T10:00:00+01:00"}
    told(shopify, {**sample("shopify_product"), **hidden}, 1)
    assert Product.objects.get().url == ""


def exactly(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text(), parse_float=Decimal)


def test_medusa_tells_of_the_same_lamp() -> None:
    at = datetime(2026, 3, 4, tzinfo=UTC)
    seen = medusa_goods.product_seen(exactly("medusa_product"), "EUR", at)
    found = [(one.title, one.sku, one.price_minor, one.stock) for one in seen.variants]
    assert found == [("White", "L-1", 1500, 3), ("Red", "L-2", 1650, None)]
    assert (seen.told_at, seen.stock_at) == (datetime(2026, 3, 2, 9, tzinfo=UTC), at)
    coupon = medusa_goods.coupon_seen(exactly("medusa_promotion"), "EUR")
    assert (coupon.code, coupon.basis_points, coupon.uses, coupon.most_uses) == (
        "SORRY5", 1250, 4, 20,
    )  # fmt: skip
    assert coupon.told_at == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_medusa_names_a_product_and_it_is_asked_for() -> None:
    speaks, link = connector("medusa"), connecting.link_of(a_way_to_a_shop("medusa"))
    about = b'{"topic": "inventory-level.updated", "product": "prod_01"}'
    assert speaks.read(link, "inventory-level.updated", about) == [
        Ask(what="product", external_id="prod_01")
    ]
    (gone,) = speaks.read(link, "product.deleted", b'{"product": "prod_01"}') or ()
    assert getattr(gone, "what", "") == "product"
    (order,) = speaks.read(link, "order.placed", b'{"order": "order_01"}') or ()
    assert order == Ask(what="order", external_id="order_01")
