"""What an agent asks of a real store at the desk, and what customers then do there."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from makegood.errands.actions import ask
from makegood.errands.doing import run_next_errand
from makegood.errands.models import Errand
from makegood.makegoods.actions import offer
from makegood.makegoods.models import Makegood
from makegood.makegoods.tests.giving import matter, wish
from makegood.shop import connecting
from makegood.shop.connectors.interface import Ability, Declined, Done, Wanted
from makegood.shop.models import Connection, Order, Pull
from makegood.shop.pulling import pull_next
from makegood.team.models import Agent
from tests.ordered import SIGNING
from tests.stores import goods as shopping
from tests.stores.conftest import Met, Post, Shelves
from tests.world import PASSWORD, proven

State = Errand.State


def bought(met: Met) -> Order:
    """An order of its front that was paid, as the store's own word brought it."""
    placed = shopping.an_order(met.store, met.goods)
    shopping.captured(met.store, placed)
    met.deliver(met.post.about("payment.captured", placed))
    return Order.objects.get(external_id=placed)


def test_a_store_is_connected_brought_in_and_heard(
    shelves: Shelves, post: tuple[Post, str], olga: Agent, settings: object
) -> None:
    store, earlier = shelves.store, shopping.an_order(shelves.store, shelves.goods)
    settings.NEAR_HOSTS = (f"127.0.0.1:{store.port}",)  # type: ignore[attr-defined]
    browser = Client()
    browser.login(username=olga.email, password=PASSWORD)
    said = {"name": "Lamps", "currency": "EUR", "time_zone": "Europe/Berlin",
            "base_url": store.url, "token": "sk_wrong"}  # fmt: skip
    place = "/office/shops/new/medusa/"
    assert proven(browser, olga).post(place, said).status_code == 422
    assert browser.post(place, {**said, "token": store.token}).status_code == 302
    way = Connection.objects.get()
    for _page in range(50):
        Pull.objects.update(next_at=timezone.now())
        if not pull_next():
            break
    assert {(one.state, one.trouble) for one in Pull.objects.all()} == {(Pull.State.DONE, "")}
    assert Order.objects.filter(external_id=earlier).exists()
    assert way.secrets()["signing"].startswith("whsec_")
    way.keep_secrets({**way.secrets(), "signing": SIGNING})  # what the store was started with
    way.save()
    met = Met(store, shelves.goods, post[0], way)
    order = bought(met)
    assert (order.total_minor, order.paid) == (2990, "paid")


def test_a_refund_that_an_agent_asks_for_goes_back_once(met: Met, olga: Agent) -> None:
    order = bought(met)
    wanted = Wanted(what=Ability.REFUND, order_id=order.external_id, amount_minor=1000,
                    currency="EUR", reason="It came late")  # fmt: skip
    errand = ask(order, wanted, key="desk:1", by=olga)
    assert ask(order, wanted, key="desk:1", by=olga) == errand
    assert (run_next_errand(), run_next_errand()) == (1, 0)
    errand.refresh_from_db()
    assert (errand.state, errand.words) == (State.DONE, "")
    assert errand.external_id
    order.refresh_from_db()
    assert (order.paid, order.refunds.get().amount_minor) == ("part_refunded", 1000)
    met.deliver(met.post.about("payment.refunded", order.external_id))
    assert order.refunds.get().reason == "It came late"


def test_the_store_says_no_and_nothing_was_taken(met: Met, olga: Agent) -> None:
    placed = shopping.an_order(met.store, met.goods)
    shopping.captured(met.store, placed)
    shopping.sent(met.store, placed, met.goods, "00340435")
    met.deliver(met.post.about("shipment.created", placed))
    order = Order.objects.get(external_id=placed)
    errand = ask(order, Wanted(what=Ability.CANCEL, order_id=placed), key="desk:2", by=olga)
    run_next_errand()
    errand.refresh_from_db()
    assert errand.state == State.DECLINED
    assert errand.words


def test_a_replacement_is_sent_once_and_for_nothing(met: Met, olga: Agent) -> None:
    order = bought(met)
    line = order.lines.get()
    left = {"type": "replace", "order_id": order.external_id, "metadata": {"makegood": "desk:3"}}
    met.store.admin("/claims", left)  # ours of this key, by a worker that died over it
    wanted = Wanted(what=Ability.REPLACEMENT, order_id=order.external_id, reason="It was broken",
                    lines=((line.external_id, 1),))  # fmt: skip
    errand = ask(order, wanted, key="desk:3", by=olga)
    run_next_errand()
    errand.refresh_from_db()
    assert (errand.state, errand.words) == (State.DONE, "")
    assert connecting.look(order.shop, wanted, "desk:3") == Done(external_id=errand.external_id)
    assert connecting.do(order.shop, wanted, "desk:3").external_id == errand.external_id
    order.refresh_from_db()
    told = sorted((one.sku, one.quantity, one.unit_minor) for one in order.lines.all())
    assert (told, order.total_minor) == ([("L-1", 1, 0), ("L-1", 2, 1250)], 2990)


def test_a_return_is_opened_once_for_what_was_sent(met: Met, olga: Agent) -> None:
    order = bought(met)
    line = order.lines.get()
    wanted = Wanted(what=Ability.RETURN_LABEL, order_id=order.external_id, reason="Wrong colour",
                    lines=((line.external_id, 1),))  # fmt: skip
    with pytest.raises(Declined):  # nothing was sent yet
        connecting.do(order.shop, wanted, "desk:4")
    shopping.sent(met.store, order.external_id, met.goods, "00340436")
    errand = ask(order, wanted, key="desk:4", by=olga)
    run_next_errand()
    errand.refresh_from_db()
    assert (errand.state, "without a label" in errand.words) == (State.DONE, True), errand.words
    assert connecting.do(order.shop, wanted, "desk:4").external_id == errand.external_id
    there = met.store.admin(f"/returns?order_id={order.external_id}&fields=status,*items")
    told = [(one["status"], [item["quantity"] for item in one["items"]])
            for one in there["returns"] if one["status"] != "canceled"]  # fmt: skip
    assert told == [("requested", [1])]
    order.refresh_from_db()
    assert order.total_minor == 2990


@pytest.mark.parametrize("minor", [500, 5000])
def test_a_coupon_given_to_make_good_is_taken_at_the_checkout_and_seen_to_be_used(
    met: Met, olga: Agent, minor: int
) -> None:
    order = bought(met)
    until = timezone.now() + timedelta(days=30)
    given = offer(matter(None, order), wish(minor, remedy="coupon", valid_until=until), by=olga)
    assert run_next_errand() == 1
    given.refresh_from_db()
    assert given.state == Makegood.State.GIVEN, Errand.objects.get().words
    cart = shopping.a_cart(met.store, met.goods, met.goods.euros)
    met.store.shop(f"/carts/{cart}/promotions", {"promo_codes": [given.code]})
    placed = shopping.bought(met.store, cart)
    off = min(minor, 2500)  # no more than the goods cost: sending stays
    assert Decimal(placed["discount_total"]) == Decimal(off) / 100
    met.deliver(met.post.about("order.placed", placed["id"]))
    with_it = Order.objects.get(external_id=placed["id"])
    assert (with_it.codes, with_it.total_minor) == ([given.code], 2990 - off)
    given.refresh_from_db()
    assert (given.state, given.redeemed_with) == (Makegood.State.REDEEMED, with_it.ref)
