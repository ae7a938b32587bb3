"""What every connector has to hold, whatever it speaks with."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.shop import connecting
from makegood.shop.connectors import standard
from makegood.shop.connectors.interface import (
    Ability,
    Declined,
    Link,
    NotGenuine,
    TryLater,
    Unsure,
    Wanted,
)
from makegood.shop.connectors.registry import CONNECTORS, connector
from makegood.shop.knowing import told_of
from makegood.shop.models import Connection, Order, Product, Pull, Refund, Signal
from makegood.shop.pulling import begin_nightly, begin_pulls, pull_next, stop_pulls
from makegood.shop.signals import read_next_signals
from makegood.shop.tests import counterparts
from makegood.shop.tests.counterpart_vendure import vendure
from makegood.shop.tests.counterparts import Asked, Counter, counterpart, sample
from tests.ordered import SIGNING, a_way_to_a_shop

pytestmark = pytest.mark.django_db


def _sign_body(header: str) -> Callable[[bytes, str], dict[str, str]]:
    def signed(raw: bytes, key: str) -> dict[str, str]:
        told = hmac.new(key.encode(), raw, hashlib.sha256).digest()
        return {header: base64.b64encode(told).decode()}

    return signed


def _sign_standard(raw: bytes, key: str) -> dict[str, str]:
    return standard.signed(key, hashlib.sha256(raw).hexdigest()[:20], timezone.now(), raw)


@dataclass(frozen=True)
class Kind:
    """One connector, its counterpart, and how that signs."""

    kind: str
    answer: Any
    secrets: dict[str, str]
    signed: Callable[[bytes, str], dict[str, str]]
    topic: dict[str, str]
    order: str
    said: str
    line: str = "1"


KINDS = [
    Kind("shopify", counterparts.shopify, {"token": "shpat_1"},
         _sign_body("X-Shopify-Hmac-Sha256"), {"X-Shopify-Topic": "orders/updated"},
         "450789469", "shopify_order", "466157049"),
    Kind("woocommerce", counterparts.woocommerce,
         {"consumer_key": "ck_1", "consumer_secret": "cs_1"},
         _sign_body("X-WC-Webhook-Signature"), {"X-WC-Webhook-Topic": "order.updated"},
         "727", "woocommerce_order", "315"),
    Kind("vendure", vendure, {"token": "lookup:key"}, _sign_standard, {}, "451", "vendure_signal"),
    Kind("generic", counterparts.generic, {"token": "t"}, _sign_standard, {}, "1", "generic_order"),
]  # fmt: skip


@dataclass(frozen=True)
class Met:
    """A connected shop, and the shop itself."""

    kind: Kind
    way: Connection
    shop: Counter

    def post(self, said: Any, **headers: str) -> int:
        raw = said if isinstance(said, bytes) else json.dumps(said).encode()
        signed = self.kind.signed(raw, SIGNING)
        told = {**self.kind.topic, **signed, **headers}
        place = f"/signals/{self.way.public_id}/"
        answer = Client().post(place, raw, content_type="application/json", headers=told)
        return answer.status_code

    def link(self) -> Link:
        return connecting.link_of(self.way)


@pytest.fixture(params=KINDS, ids=lambda one: one.kind)
def met(request: Any, settings: Any) -> Iterator[Met]:
    yield from meet(request.param, settings)


def meet(kind: Kind, settings: Any) -> Iterator[Met]:
    """A shop of this kind, connected."""
    with counterpart(kind.answer) as shop:
        settings.NEAR_HOSTS = (f"127.0.0.1:{shop.port}",)
        yield Met(kind, a_way_to_a_shop(kind.kind, shop.url, **kind.secrets), shop)


def pull_all() -> None:
    """Page by page, until nothing is left to be asked for."""
    for _turn in range(20):
        Pull.objects.filter(state="running").update(next_at=timezone.now())
        if not Pull.objects.filter(state="running").exists():
            return
        pull_next()
    raise AssertionError("It goes on for ever.")


def test_every_connector_is_held_to_this() -> None:
    here = {one.kind for one in KINDS}
    assert {kind for kind in CONNECTORS if kind not in here} <= {"medusa"}  # has tests of its own


def test_a_genuine_signal_ends_in_the_order(met: Met) -> None:
    assert met.post(sample(met.kind.said)) == 200
    assert read_next_signals() == 1
    assert Signal.objects.get().trouble == ""
    order = Order.objects.get()
    told = {
        "id": order.external_id, "total": order.total_minor, "currency": order.currency,
        "paid": order.paid, "email": order.email, "shipping": order.shipping_minor,
        "at": order.placed_at, "told": order.told_at, "country": order.country, "name": order.name,
    }  # fmt: skip
    assert told == {
        "id": met.kind.order, "total": 2990, "currency": "EUR", "paid": "part_refunded",
        "email": "ann@example.com", "shipping": 490, "at": datetime(2026, 3, 1, 12, tzinfo=UTC),
        "told": datetime(2026, 3, 2, 9, tzinfo=UTC), "country": "DE", "name": "Ann Lee",
    }  # fmt: skip
    line = order.lines.get()
    assert (line.quantity, line.unit_minor, line.discount_minor, line.refunded) == (2, 1500, 500, 1)
    assert Refund.objects.get().amount_minor == 1250
    parcel = order.shipments.get()
    assert (parcel.carrier, parcel.tracking) == ("DHL", "00340434")


def test_twice_and_from_two_places_changes_nothing(met: Met) -> None:
    met.post(sample(met.kind.said))
    read_next_signals()
    events = Event.objects.count()
    met.post(
        sample(met.kind.said), **{"X-Shopify-Webhook-Id": "b", "X-WC-Webhook-Delivery-ID": "b"}
    )
    begin_pulls(met.way, Pull.Purpose.FIRST)
    read_next_signals()
    pull_next()
    assert (Event.objects.count(), Order.objects.count()) == (events, 1)


@pytest.mark.parametrize("place", [0, 20, -2])
def test_a_flipped_bit_is_never_genuine(met: Met, place: int) -> None:
    raw = bytearray(json.dumps(sample(met.kind.said)).encode())
    headers = {name.lower(): one for name, one in met.kind.signed(bytes(raw), SIGNING).items()}
    speaks = connector(met.kind.kind)
    speaks.verify(met.link(), bytes(raw), headers)
    raw[place] ^= 1
    with pytest.raises(NotGenuine):
        speaks.verify(met.link(), bytes(raw), headers)


@pytest.mark.parametrize("key", ["", "whsec_", "short"])
def test_without_a_secret_nothing_is_genuine(met: Met, key: str) -> None:
    met.way.keep_secrets({"signing": key})
    raw = b"{}"
    for headers in (met.kind.signed(raw, key), {}):
        with pytest.raises(NotGenuine):
            told = {name.lower(): one for name, one in headers.items()}
            connector(met.kind.kind).verify(met.link(), raw, told)


def test_bytes_that_are_no_order_are_kept_with_their_trouble(met: Met) -> None:
    for raw in (b"{", b"[]", b"{}", b'{"id": null, "refunds": 3}'):
        assert met.post(raw) == 200
    read_next_signals()
    assert {one.state for one in Signal.objects.all()} == {"trouble"}
    assert all(one.trouble for one in Signal.objects.all())


def test_a_first_import_goes_page_by_page_and_on_after_a_kill(met: Met) -> None:
    begin_pulls(met.way, Pull.Purpose.FIRST)
    begin_pulls(met.way, Pull.Purpose.FIRST)
    assert pull_next() == 1
    pull = Pull.objects.get(what="order")
    assert (pull.pages, pull.counts["made"], pull.state) == (1, 1, "running")
    # The next page is asked for, and whoever asked dies before it is taken.
    Pull.objects.filter(what="order").update(
        fence=pull.fence + 1, leased_until=None, next_at=timezone.now() - timedelta(minutes=1)
    )
    assert pull_next() == 1
    pull = Pull.objects.get(what="order")
    assert (pull.state, pull.counts["made"], Order.objects.count()) == ("done", 2, 2)
    assert pull.counts["refused"] >= 1
    assert pull.trouble


def test_what_a_dead_process_still_brings_is_not_taken(met: Met) -> None:
    begin_pulls(met.way, Pull.Purpose.FIRST)
    from makegood.shop import pulling  # a turn in its two halves

    late = pulling._lease(timezone.now())
    assert late is not None
    Pull.objects.update(fence=late.fence + 1)
    page = connector(met.kind.kind).page(met.link(), "order", "", None)
    pulling.take_page(late, page)
    assert (Pull.objects.get(what="order").pages, Order.objects.count()) == (0, 0)
    stop_pulls(met.way)
    assert {one.state for one in Pull.objects.all()} == {"stopped"}


def test_the_nightly_look_says_what_was_otherwise(met: Met) -> None:
    begin_pulls(met.way, Pull.Purpose.FIRST)
    pull_all()
    Order.objects.filter(external_id=met.kind.order).update(
        total_minor=1, told="other", told_at="2026-03-01T12:00:00Z"
    )
    assert begin_nightly(timezone.now()) == 0
    Pull.objects.update(begun_at="2026-11-01T00:00:00Z")
    assert begin_nightly(timezone.now()) == 1
    pull_next()
    look = Pull.objects.get(purpose="night", what="order")
    assert look.counts["drift"] == 1
    assert Order.objects.get(pk=look.drift[0]["order"]).total_minor == 2990


def test_the_nightly_look_says_which_products_were_otherwise(met: Met) -> None:
    begin_pulls(met.way, Pull.Purpose.FIRST)
    pull_all()
    product = Product.objects.order_by("pk")[0]
    was = product.title
    Product.objects.update(told="other", told_at=timezone.now() - timedelta(days=2000))
    Product.objects.filter(pk=product.pk).update(title="Another lamp")
    Pull.objects.update(begun_at="2026-11-01T00:00:00Z")
    assert begin_nightly(timezone.now()) == 1
    pull_all()
    look = Pull.objects.get(purpose="night", what="product")
    assert [one["number"] for one in look.drift] == [was], "what was only told anew is no drift"
    assert look.counts["drift"] == 1
    [said] = [one for one in told_of(met.way)["drift"] if "product" in one]
    assert (said["page"], said["is_new"]) == (product.pk, False)


def test_the_live_test_says_whose_shop_it_is_and_what_is_missing(met: Met) -> None:
    found = connector(met.kind.kind).probe(met.link())
    assert found.currency == "EUR"
    assert found.has
    assert found.missing
    met.way.keep_secrets({"signing": SIGNING})
    with pytest.raises(Declined):
        connector(met.kind.kind).probe(met.link())


def test_whoever_asks_us_to_wait_is_left_alone(met: Met) -> None:
    met.shop.answer = counterparts.shopify
    busy = [(429, None, {"Retry-After": "17"}), (503, None, {"Retry-After": "3"})]
    with counterpart(lambda _shop, _one: busy[0]) as shop, pytest.raises(TryLater) as later:
        _at(met, shop)
    assert later.value.seconds == 17.0
    assert Connection.objects.get().rests_until is not None
    asked = len(met.shop.asked)
    with pytest.raises(TryLater):
        connecting.look(Connection.objects.get().shop, wanted_of(met, Ability.REFUND), "k")  # type: ignore[arg-type]
    assert len(met.shop.asked) == asked


def _at(met: Met, shop: Counter) -> Any:
    from django.conf import settings  # the fixture's own

    settings.NEAR_HOSTS = (f"127.0.0.1:{shop.port}", *settings.NEAR_HOSTS)
    Connection.objects.update(base_url=shop.url)
    return connecting.look(Connection.objects.get().shop, wanted_of(met, Ability.REFUND), "k")  # type: ignore[arg-type]


def wanted_of(met: Met, what: Ability) -> Wanted:
    more: dict[str, Any] = {}
    if what == Ability.COUPON:
        more = {"code": "SORRY-1", "email": "ann@example.com", "least_minor": 2000}
    if what == Ability.ADDRESS:
        more = {"address": {"name": "Ann Lee", "line1": "New Street 2", "postcode": "10117",
                            "city": "Berlin", "country": "DE"}}  # fmt: skip
    if what == Ability.REPLACEMENT:
        more = {"lines": ((met.kind.line, 1),)}
    return Wanted(what=what, order_id=met.kind.order, amount_minor=1000, currency="EUR",
                  reason="Late", **more)  # fmt: skip


@pytest.mark.parametrize("what", sorted(Ability))
def test_what_is_done_is_found_again_by_its_key(met: Met, what: Ability) -> None:
    shop = met.way.shop
    assert shop is not None
    wanted = wanted_of(met, what)
    if what not in connecting.abilities_of(shop):
        with pytest.raises(Declined):
            connecting.do(shop, wanted, "key-1")
        return
    assert connecting.look(shop, wanted, "key-1") is None
    done = connecting.do(shop, wanted, "key-1")
    found = connecting.look(shop, wanted, "key-1")
    assert found is not None
    assert found.external_id == done.external_id
    assert done.facts == found.facts
    if what == Ability.COUPON:
        assert done.facts["code"] == "SORRY-1"
    if what == Ability.REFUND:
        assert connecting.look(shop, wanted, "ey-1") is None, "a part of a key is another key"


def test_the_amount_of_a_refund_is_exact_on_the_wire(met: Met) -> None:
    shop = met.way.shop
    assert shop is not None
    connecting.do(shop, wanted_of(met, Ability.REFUND), "key-1")
    told = json.dumps(met.shop.asked[-1].said)
    assert '"10.00"' in told or '"amount_minor": 1000' in told or '"amount": 1000' in told
    assert "key-1" in told + json.dumps(met.shop.asked[-1].headers)


def test_what_is_sent_again_costs_nothing_and_is_what_was_bought(met: Met) -> None:
    shop = met.way.shop
    assert shop is not None
    wanted = wanted_of(met, Ability.REPLACEMENT)
    if Ability.REPLACEMENT not in connecting.abilities_of(shop):
        with pytest.raises(Declined):
            connecting.do(shop, wanted, "key-1")
        return
    connecting.do(shop, wanted, "key-1")
    said = next(one.said for one in reversed(met.shop.asked) if one.method == "POST")
    told = json.dumps(said)
    if met.kind.kind == "shopify":
        assert '"variant_id": 39072856, "quantity": 1' in told
        assert '"amount": "100.0", "type": "percentage"' in told
    if met.kind.kind == "woocommerce":
        assert '"total": "0"' in told
        assert (said["parent_id"], said["line_items"][0]["product_id"]) == (727, 93)
    if met.kind.kind != "generic":
        with pytest.raises(Declined):
            connecting.do(shop, replace(wanted, lines=(("9", 1),)), "key-2")


@pytest.mark.parametrize("status", [500, 502, 504])
def test_where_nothing_is_known_of_it_we_are_unsure(met: Met, status: int) -> None:
    def falls(shop: Counter, one: Asked) -> Any:
        does = one.method == "POST" and not one.said.get("query", "").startswith("query")
        return (status, None, {}) if does else met.kind.answer(shop, one)

    from django.conf import settings  # the fixture's own

    with counterpart(falls) as shop:
        settings.NEAR_HOSTS = (f"127.0.0.1:{shop.port}",)
        Connection.objects.update(base_url=shop.url)
        with pytest.raises(Unsure):
            connecting.do(Connection.objects.get().shop, wanted_of(met, Ability.REFUND), "k")  # type: ignore[arg-type]
    with pytest.raises(TryLater):  # its door is shut: nothing left
        connecting.do(Connection.objects.get().shop, wanted_of(met, Ability.REFUND), "k")  # type: ignore[arg-type]


def test_a_shop_on_an_inner_network_is_not_asked_unless_it_is_named(
    met: Met, settings: Any
) -> None:
    settings.NEAR_HOSTS = ()
    with pytest.raises((TryLater, Refused)):
        connecting.do(met.way.shop, wanted_of(met, Ability.REFUND), "k")  # type: ignore[arg-type]
    assert met.shop.asked == []


def test_the_greeting_of_woocommerce_is_answered_and_not_kept() -> None:
    way = a_way_to_a_shop("woocommerce")
    place = f"/signals/{way.public_id}/"
    kind = "application/x-www-form-urlencoded"
    assert Client().post(place, b"webhook_id=12", content_type=kind).status_code == 200
    assert not Signal.objects.exists()
    assert Connection.objects.get().forged == 0
