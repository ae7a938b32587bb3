"""A real Medusa: what it sells comes to us, and what we promise is done there, once."""

import secrets
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from makegood.ledger.models import Event
from makegood.shop import connecting
from makegood.shop.connectors import standard
from makegood.shop.connectors.interface import (
    Ability,
    Declined,
    Link,
    NotGenuine,
    Wanted,
)
from makegood.shop.connectors.medusa import Medusa
from makegood.shop.models import Order, Pull, Signal
from makegood.shop.pulling import begin_pulls, pull_next
from tests.ordered import SIGNING
from tests.stores import goods as shopping
from tests.stores.conftest import Met


def refund(order: str, minor: int = 1000) -> Wanted:
    return Wanted(
        what=Ability.REFUND, order_id=order, amount_minor=minor, currency="EUR", reason="Late"
    )


def refunds_in(met: Met, order: str) -> list[Decimal]:
    """As the store itself says."""
    said = met.store.admin(f"/orders/{order}?fields=*payment_collections.payments.refunds")
    payments = [one for group in said["order"]["payment_collections"] for one in group["payments"]]
    return [Decimal(one["amount"]) for pay in payments for one in pay["refunds"]]


def paid_order(met: Met, quantity: int = 2) -> str:
    order = shopping.an_order(met.store, met.goods, quantity)
    shopping.captured(met.store, order)
    return order


def test_an_order_of_its_front_comes_by_its_signed_word(met: Met) -> None:
    placed = shopping.an_order(met.store, met.goods)
    letter = met.post.about("order.placed", placed)
    assert met.deliver(letter) == [200]
    order = Order.objects.get(external_id=placed)
    told = (order.total_minor, order.currency, order.shipping_minor, order.email, order.name,
            order.country, order.paid)  # fmt: skip
    assert told == (2990, "EUR", 490, "ann@example.com", "Ann Lee", "DE", "unpaid")
    line = order.lines.get()
    assert (line.sku, line.quantity, line.unit_minor, line.discount_minor) == ("L-1", 2, 1250, 0)
    assert order.number.isdigit()


def test_yen_have_no_small_coins(met: Met) -> None:
    placed = shopping.an_order(met.store, met.goods, in_yen=True)
    met.deliver(met.post.about("order.placed", placed))
    order = Order.objects.get(external_id=placed)
    assert (order.total_minor, order.currency, order.shipping_minor) == (3500, "JPY", 500)


def test_words_that_come_twice_and_in_disorder_change_nothing(met: Met) -> None:
    placed = paid_order(met)
    first = met.post.about("order.placed", placed)
    taken = met.post.about("payment.captured", placed)
    shopping.sent(met.store, placed, met.goods, "00340434")
    parcel = met.post.about("shipment.created", placed)
    assert met.deliver(parcel, first, taken) == [200, 200, 200]
    order = Order.objects.get(external_id=placed)
    assert (order.paid, order.payments.get().amount_minor) == ("paid", 2990)
    assert order.shipments.get().tracking == "00340434"
    events = Event.objects.count()
    met.deliver(first, parcel, taken, first)
    assert (Event.objects.count(), Signal.objects.count()) == (events, 3)


def test_a_forged_word_is_sent_away(met: Met) -> None:
    raw, headers = met.post.about("order.placed", shopping.an_order(met.store, met.goods))
    assert met.deliver((raw.replace(b"placed", b"pl4ced"), headers)) == [401]
    with pytest.raises(NotGenuine):
        Medusa().verify(Link(shop_name="", base_url="", secrets={}, settings={}, currency="",
                             time_zone="UTC"), raw, headers)  # fmt: skip


def test_what_is_no_order_is_kept_with_its_trouble(met: Met) -> None:
    for raw in (b"{", b"[]", b"{}"):
        met.deliver((raw, standard.signed(SIGNING, secrets.token_hex(8), timezone.now(), raw)))
    assert {one.state for one in Signal.objects.all()} == {"trouble"}


def test_all_orders_are_brought_in_though_killed_in_between(
    met: Met, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = {shopping.an_order(met.store, met.goods) for _each in range(3)}
    from makegood.shop.connectors import medusa  # its pages are made small, to have several

    monkeypatch.setattr(medusa, "PAGE", 2)
    begin_pulls(met.way, Pull.Purpose.FIRST)
    kills = 0
    for turn in range(200):
        if Pull.objects.get(what="order").state != Pull.State.RUNNING:
            break
        if turn % 2:  # whoever asked for this page died before it was taken
            row = Pull.objects.get(what="order")
            Medusa().page(connecting.link_of(met.way), "order", row.cursor, None)
            Pull.objects.filter(pk=row.pk).update(fence=row.fence + 1)
            kills += 1
        Pull.objects.filter(what="order").update(leased_until=None, next_at=timezone.now())
        Pull.objects.exclude(what="order").update(next_at=timezone.now() + timedelta(days=1))
        pull_next()
    pull = Pull.objects.get(what="order")
    there = met.store.admin("/orders?limit=200")["count"]
    print(f"{pull.pages} pages, {kills} killed, {pull.counts}, {there} orders there")
    assert pull.state == Pull.State.DONE
    assert placed <= set(Order.objects.values_list("external_id", flat=True))
    assert (Order.objects.count(), pull.counts["made"]) == (there, there)


def test_the_live_test_names_the_store(met: Met) -> None:
    found = Medusa().probe(connecting.link_of(met.way))
    assert (found.shop_name, found.currency, found.missing) == ("Lamps", "EUR", ())
    with pytest.raises(Declined):
        Medusa().probe(replace(connecting.link_of(met.way), secrets={"token": "sk_no"}))


def test_money_goes_back_once_though_asked_twice(met: Met) -> None:
    placed, shop = paid_order(met), met.way.shop
    assert shop is not None
    assert connecting.look(shop, refund(placed), "key-1") is None
    done = connecting.do(shop, refund(placed), "key-1")
    again = connecting.do(shop, refund(placed), "key-1")
    assert (done, refunds_in(met, placed)) == (again, [Decimal(10)])
    connecting.do(shop, refund(placed, 1990), "key-2")
    assert sorted(refunds_in(met, placed)) == [Decimal(10), Decimal("19.9")]
    with pytest.raises(Declined):
        connecting.do(shop, refund(placed, 1), "key-3")
    met.deliver(met.post.about("payment.refunded", placed))
    order = Order.objects.get(external_id=placed)
    assert order.paid == "refunded"
    assert sorted(order.refunds.values_list("amount_minor", flat=True)) == [1000, 1990]
    assert {one.reason for one in order.refunds.all()} == {"Late"}


@pytest.mark.parametrize(("percent", "minor", "off"), [(10, 0, "2.5"), (0, 700, "7")])
def test_a_coupon_of_ours_is_taken_at_the_checkout(
    met: Met, percent: int, minor: int, off: str
) -> None:
    shop, code = met.way.shop, f"SORRY-{secrets.token_hex(3).upper()}"
    assert shop is not None
    wanted = Wanted(
        what=Ability.COUPON, code=code, percent=percent, amount_minor=minor, currency="EUR",
        valid_until=timezone.now() + timedelta(days=30),
    )  # fmt: skip
    made = connecting.do(shop, wanted, code)
    assert connecting.do(shop, wanted, code) == made
    assert connecting.look(shop, wanted, f"{code}-other") is None
    cart = shopping.a_cart(met.store, met.goods, met.goods.euros)
    met.store.shop(f"/carts/{cart}/promotions", {"promo_codes": [code]})
    placed = shopping.bought(met.store, cart)
    assert Decimal(placed["discount_total"]) == Decimal(off)
    met.deliver(met.post.about("order.placed", placed["id"]))
    order = Order.objects.get(external_id=placed["id"])
    assert order.total_minor == 2990 - int(Decimal(off) * 100)
    again = shopping.a_cart(met.store, met.goods, met.goods.euros)
    said = met.store.shop(f"/carts/{again}")["cart"]
    met.store.front.post(f"/carts/{again}/promotions", json={"promo_codes": [code]})
    assert Decimal(met.store.shop(f"/carts/{again}")["cart"]["total"]) == Decimal(said["total"])


def test_an_address_is_changed_and_an_order_called_off(met: Met) -> None:
    placed, shop = shopping.an_order(met.store, met.goods), met.way.shop
    assert shop is not None
    there = {"name": "Ann Lee", "line1": "New Street 2", "postcode": "10119", "city": "Berlin",
             "country": "DE"}  # fmt: skip
    move = Wanted(what=Ability.ADDRESS, order_id=placed, address=there)
    stop = Wanted(what=Ability.CANCEL, order_id=placed)
    for wanted in (move, stop):
        assert connecting.look(shop, wanted, "k") is None
        connecting.do(shop, wanted, "k")
        assert connecting.look(shop, wanted, "k") is not None
        connecting.do(shop, wanted, "k")
    met.deliver(met.post.about("order.canceled", placed))
    order = Order.objects.get(external_id=placed)
    assert order.standing == Order.Standing.CANCELLED
    assert "New Street 2" in order.address
