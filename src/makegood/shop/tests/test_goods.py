"""Goods, coupons and carts as shops tell of them: in any order, any number of times."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.utils import timezone

from makegood.kit.errors import Refused
from makegood.ledger.actors import System
from makegood.ledger.models import Event
from makegood.shop import goods
from makegood.shop.actions import apply_order
from makegood.shop.applying import apply
from makegood.shop.forgetting import forget_buyers
from makegood.shop.models import Cart, Coupon, Line, Product, Shop, Variant
from makegood.shop.offers import forget_old_carts, mark_unheard
from makegood.shop.seen import LineSeen, OrderSeen, Seen
from makegood.shop.seen_goods import (
    CartLineSeen,
    CartSeen,
    CouponSeen,
    GoneSeen,
    ProductSeen,
    StockSeen,
    VariantSeen,
)
from tests.ordered import DAY, a_shop, an_order

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def lamp(stock: int | None = 3, hours: int = 0, **more: Any) -> ProductSeen:
    """A paper lamp in white, and how many there are of it."""
    white = VariantSeen(external_id="v1", title="White", sku="L-1", price_minor=1250,
                        currency="EUR", is_counted=stock is not None, stock=stock)  # fmt: skip
    told = {"external_id": "p1", "title": "Lamp", "told_at": DAY + hours * HOUR}
    return ProductSeen(**{**told, "variants": (white,), **more})


def facts() -> list[str]:
    rows = Event.objects.filter(kind__startswith="stock.").order_by("pk")
    return [row.kind for row in rows]


def as_it_is() -> list[Any]:
    products = Product.objects.values_list("external_id", "title", "is_gone", "told_at")
    variants = Variant.objects.values_list("external_id", "title", "is_gone", "stock", "stock_at")
    return [sorted(products), sorted(variants, key=str)]


def test_a_product_stands_with_its_variants_and_none_of_it_is_a_fact() -> None:
    apply(a_shop(), lamp())
    variant = Variant.objects.get()
    assert (str(variant), variant.price().minor, variant.stock) == ("Lamp – White", 1250, 3)
    apply(a_shop(), lamp(title="Paper lamp", hours=1))
    assert str(Variant.objects.get()) == "Paper lamp – White"
    assert facts() == []


def test_in_whatever_order_it_is_told_it_ends_as_the_newest() -> None:
    red = VariantSeen(external_id="v2", title="Red", price_minor=1, currency="EUR")
    news: list[Seen] = [
        lamp(0, 1), lamp(5, 2, variants=(red,)), lamp(2, 4, title="Round lamp"),
        StockSeen(external_id="v1", told_at=DAY + 5 * HOUR, stock=9),
    ]  # fmt: skip
    ends = []
    for order in permutations(news):
        # A count of what is not known yet is of nothing: its product brings one with it.
        for one in [lamp(), *order, order[0]]:
            apply(a_shop(), one)
        ends.append(as_it_is())
        Variant.objects.all().delete()
        Product.objects.all().delete()
    alive = [[row for row in variants if not row[2]] for _products, variants in ends]
    assert all(one == [("v1", "White", False, 9, DAY + 5 * HOUR)] for one in alive)
    assert all(products[0][1] == "Round lamp" for products, _variants in ends)


def test_counting_has_a_clock_of_its_own() -> None:
    apply(a_shop(), lamp(3))
    apply(a_shop(), StockSeen(external_id="v1", told_at=DAY + 2 * HOUR, stock=7))
    apply(a_shop(), lamp(1, 1, title="Newer name, older count"))
    apply(a_shop(), StockSeen(external_id="v1", told_at=DAY + HOUR, stock=0))
    assert (Variant.objects.get().stock, Product.objects.get().title[:5]) == (7, "Newer")
    apply(a_shop(), lamp(2, 1, title="Newer name, older count", stock_at=DAY + 3 * HOUR))
    assert Variant.objects.get().stock == 2, "looked at now: the product says nothing new"
    assert facts() == []


def test_that_the_last_one_went_and_that_it_came_back_are_facts_once_each() -> None:
    for stock, hours in [(1, 0), (0, 1), (0, 1), (-2, 2), (0, 3), (4, 4), (4, 4), (6, 5)]:
        apply(a_shop(), lamp(stock, hours))
    assert facts() == ["stock.ran_out", "stock.came_back"]
    event = Event.objects.get(kind="stock.ran_out")
    assert {one.ref.partition(":")[0] for one in event.subjects.all()} == {"variant", "product"}


def test_what_is_not_counted_never_runs_out() -> None:
    apply(a_shop(), lamp(3))
    apply(a_shop(), lamp(None, 1))
    assert not Variant.objects.get().is_out
    assert facts() == []


def test_a_variant_that_is_not_told_any_more_is_marked_and_stays() -> None:
    apply(a_shop(), lamp())
    apply(a_shop(), lamp(hours=1, variants=()))
    assert Variant.objects.get().is_gone
    apply(a_shop(), lamp(hours=2))
    assert not Variant.objects.get().is_gone


@pytest.mark.parametrize("what", ["product", "coupon"])
def test_what_a_shop_deleted_stays_deleted_whatever_comes_late(what: str) -> None:
    seen: Seen = lamp()
    if what == "coupon":
        seen = CouponSeen(external_id="p1", told_at=DAY, code="SORRY", currency="EUR")
    gone = GoneSeen(external_id="p1", told_at=DAY + HOUR, what=what)
    rows = Product if what == "product" else Coupon
    for news in ([seen, gone, seen], [gone, seen, gone], [seen, seen, gone]):
        for one in news:
            apply(a_shop(), one)
        assert rows.objects.get().is_gone
        apply(a_shop(), replace(seen, told_at=DAY + 2 * HOUR))
        assert not rows.objects.get().is_gone, "it was put back"
        Variant.objects.all().delete()
        rows.objects.all().delete()


def test_what_a_look_at_everything_does_not_find_is_gone() -> None:
    apply(a_shop(), lamp())
    began = timezone.now()
    apply(a_shop(), lamp(external_id="p2", variants=()))
    mark_unheard(a_shop(), "product", began)
    assert {one.external_id: one.is_gone for one in Product.objects.all()} == {
        "p1": True, "p2": False,
    }  # fmt: skip
    apply(a_shop(), lamp())
    assert not Product.objects.filter(is_gone=True).exists(), "the same as before brings it back"


def test_names_are_refused_and_addresses_that_are_none_left_out() -> None:
    with pytest.raises(Refused):
        apply(a_shop(), lamp(external_id="x" * 121))
    apply(a_shop(), lamp(url="javascript:alert(1)", title="x" * 300))
    product = Product.objects.get()
    assert (product.url, len(product.title)) == ("", 250)


def test_two_shops_may_number_their_goods_alike() -> None:
    told = {"currency": "EUR", "time_zone": "UTC", "made_at": DAY}
    other = Shop.objects.create(name="Shades", **told)
    apply(a_shop(), lamp(3))
    apply(other, lamp(0, title="Shade"))
    assert {one.shop.name: one.title for one in Product.objects.all()} == {
        "Lamps": "Lamp", "Shades": "Shade",
    }  # fmt: skip
    assert goods.variants_of(an_order())["1"].shop == a_shop()


def test_a_line_is_of_its_variant_by_number_or_article_number() -> None:
    order = an_order()
    assert goods.variants_of(order) == {}
    assert goods.product_of(order, "1") == "L-1"
    apply(a_shop(), lamp())
    assert goods.variants_of(order)["1"].title == "White"
    assert goods.product_of(order, "") == "L-1"
    assert goods.product_of(order, "nothing") == ""


def test_an_article_number_that_two_share_is_of_neither() -> None:
    apply(a_shop(), lamp())
    white = lamp().variants[0]
    apply(a_shop(), lamp(external_id="p2", variants=(replace(white, external_id="v2"),)))
    order = an_order()
    assert goods.variants_of(order) == {}
    Line.objects.update(variant="v2")
    order.refresh_from_db()
    assert goods.variants_of(order)["1"].external_id == "v2"


def test_a_line_without_an_article_number_is_of_its_product() -> None:
    apply(a_shop(), lamp(variants=(replace(lamp().variants[0], sku=""),)))
    order = _ordered("#2", LineSeen(external_id="1", title="Lamp", quantity=1, unit_minor=1,
                                    variant="v1"))  # fmt: skip
    assert goods.product_of(order, "1") == "p1"


def _ordered(number: str, *lines: LineSeen, at: datetime = DAY) -> Any:
    seen = OrderSeen(external_id=number, number=number, placed_at=at, told_at=at, currency="EUR",
                     total_minor=1, lines=lines)  # fmt: skip
    return apply_order(a_shop(), seen, by=System("shop"))


def test_that_a_line_names_its_variant_is_nothing_new_of_an_order() -> None:
    line = LineSeen(external_id="1", title="Lamp", quantity=1, unit_minor=1)
    _ordered("#3", line)
    events = Event.objects.count()
    _ordered("#3", replace(line, variant="v1"), at=DAY)
    assert Event.objects.count() == events


def test_orders_that_are_to_be_sent_and_cannot_be_are_found_page_by_page() -> None:
    orders = [an_order(f"#10{n}") for n in range(5)]
    assert goods.short_orders() == []
    apply(a_shop(), lamp(-1))
    type(orders[0]).objects.filter(pk=orders[0].pk).update(handed="handed_over")
    type(orders[1]).objects.filter(pk=orders[1].pk).update(standing="cancelled")
    first = goods.short_orders(most=2)
    assert [one.order for one in first] == orders[2:4]
    assert first[0].is_oversold
    assert first[0].line.title == "Lamp"
    rest = goods.short_orders(after=first[-1].order.pk, most=2)
    assert [one.order for one in rest] == orders[4:]
    apply(a_shop(), lamp(1, 1))
    assert goods.short_orders() == []


def test_a_coupon_is_as_the_newest_says_and_found_by_its_code() -> None:
    seen = CouponSeen(external_id="c1", told_at=DAY, code="Sorry5", currency="EUR",
                      amount_minor=500, most_uses=1)  # fmt: skip
    apply(a_shop(), seen)
    apply(a_shop(), replace(seen, told_at=DAY + HOUR, uses=1))
    apply(a_shop(), seen)
    coupon = Coupon.objects.get()
    assert (coupon.uses, coupon.takes_off()) == (1, "€5.00")
    apply(a_shop(), replace(seen, told_at=DAY + 2 * HOUR, amount_minor=0, basis_points=1250))
    assert Coupon.objects.get().takes_off() == "12.5 %"
    order = an_order()
    order.codes = ["sorry5", "other"]
    assert list(goods.coupons_of(order)) == ["sorry5"]


def test_a_cart_stands_until_something_becomes_of_it() -> None:
    now = timezone.now()
    seen = CartSeen(external_id="k1", told_at=now, changed_at=now, currency="EUR",
                    value_minor=2500, email="Ann@Example.com",
                    lines=(CartLineSeen(title="Lamp", quantity=2),))  # fmt: skip
    apply(a_shop(), seen)
    (cart,) = goods.carts_left_by(["ann@example.com", ""])
    assert (cart.value().minor, cart.lines[0]["title"]) == (2500, "Lamp")
    apply(a_shop(), replace(seen, told_at=now + HOUR, became="1001", is_over=True))
    apply(a_shop(), seen)
    assert goods.carts_left_by(["ann@example.com"]) == []


def test_carts_are_of_people_and_go_with_them_or_with_time() -> None:
    now = timezone.now()
    seen = CartSeen(external_id="k1", told_at=now, changed_at=now, currency="EUR",
                    value_minor=1, email="ann@example.com")  # fmt: skip
    apply(a_shop(), replace(seen, external_id="old", changed_at=now - timedelta(days=100)))
    assert not Cart.objects.exists(), "nobody touched it for long"
    apply(a_shop(), seen)
    apply(a_shop(), replace(seen, external_id="k2", email="bob@example.com"))
    forget_buyers(["ann@example.com"])
    assert [one.email for one in Cart.objects.all()] == ["bob@example.com"]
    assert forget_old_carts() == 0
    Cart.objects.update(changed_at=now - timedelta(days=91))
    assert forget_old_carts() == 1
