"""What the key of a shop has no right to is not offered, and it is said why."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from makegood.shop.connecting import abilities_of
from makegood.shop.connectors.interface import Ability
from makegood.shop.models import Connection, Order, Shop
from makegood.shop.tests import counterparts
from makegood.shop.tests.counterparts import Counter, counterpart
from tests.gates.roles import client_of
from tests.ordered import a_way_to_a_shop, an_order

SAID = {"name": "Lamps", "currency": "EUR", "time_zone": "Europe/Berlin", "anyway": "on",
        "token": "shpat_1", "signing": "hush-hush-hush-hush"}  # fmt: skip


@pytest.fixture
def shop(settings: Any) -> Iterator[Counter]:
    """A Shopify whose key may read orders and make coupons, and nothing else."""
    with counterpart(counterparts.shopify) as found:
        settings.NEAR_HOSTS = (f"127.0.0.1:{found.port}",)
        yield found


@pytest.fixture
def owner(request: Any) -> Client:
    return client_of("olga", request)


@pytest.fixture
def order(shop: Counter, owner: Client) -> Order:
    owner.post("/office/shops/new/shopify/", {**SAID, "base_url": shop.url})
    return an_order()


@pytest.mark.django_db
def test_only_what_the_key_may_do_is_offered(order: Order, owner: Client) -> None:
    assert abilities_of(order.shop) == {Ability.COUPON}
    page = owner.get(f"/orders/{order.pk}/").content.decode()
    assert f"/orders/{order.pk}/ask/coupon/" in page
    assert f"/orders/{order.pk}/ask/refund/" not in page
    assert "Our key at the shop lacks the right" in page
    assert "Note one as a task" in page


@pytest.mark.django_db
def test_a_right_that_came_is_found_when_the_fields_are_saved(
    order: Order, owner: Client, shop: Counter
) -> None:
    way = Connection.objects.get()
    said = {"base_url": shop.url, "anyway": "on"}
    owner.post(f"/office/shops/{way.pk}/fields/", said)
    assert abilities_of(Shop.objects.get()) == {Ability.COUPON}
    shop.things["rights"] = ["read_orders", "write_orders", "write_price_rules"]
    owner.post(f"/office/shops/{way.pk}/fields/", said)
    assert Ability.REFUND in abilities_of(Shop.objects.get())
    assert "cannot" not in Connection.objects.get().settings


@pytest.mark.django_db
def test_a_way_that_was_never_tried_offers_all_that_such_shops_can() -> None:
    way = a_way_to_a_shop("shopify")
    assert way.shop is not None
    assert Ability.REFUND in abilities_of(way.shop)
