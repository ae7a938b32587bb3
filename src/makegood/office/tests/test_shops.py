"""Connecting shops in the office: tried first, then kept; secrets behind a second look."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from makegood.ledger.models import Event
from makegood.shop.models import Connection, Order, Pull, Shop, Signal
from makegood.shop.pulling import pull_next
from makegood.shop.tests import counterparts
from makegood.shop.tests.counterparts import Counter, counterpart
from tests.gates.roles import client_of
from tests.ordered import SIGNING, a_shop, a_signal, a_way_to_a_shop

pytestmark = pytest.mark.django_db
SAID = {"name": "Lanterns", "currency": "EUR", "time_zone": "Europe/Berlin"}
KEYS = {"token": "shpat_1", "signing": "hush-hush-hush-hush"}


@pytest.fixture
def shop(settings: Any) -> Iterator[Counter]:
    with counterpart(counterparts.shopify) as found:
        settings.NEAR_HOSTS = (f"127.0.0.1:{found.port}",)
        yield found


@pytest.fixture
def owner(request: Any) -> Client:
    return client_of("olga", request)


def _connect(owner: Client, shop: Counter, **more: str) -> Any:
    return owner.post("/office/shops/new/shopify/", {**SAID, **KEYS, "base_url": shop.url, **more})


def test_a_live_test_says_what_is_missing_and_nothing_is_kept(owner: Client, shop: Counter) -> None:
    page = _connect(owner, shop).content.decode()
    assert "read_all_orders" in page
    assert "Lanterns" in page
    assert KEYS["token"] not in page
    assert not Connection.objects.exists()


def test_it_is_kept_if_somebody_wants_it_and_all_it_has_comes_in(
    owner: Client, shop: Counter
) -> None:
    assert _connect(owner, shop, anyway="on").status_code == 302
    way = Connection.objects.get()
    assert (way.kind, way.secrets()["token"]) == ("shopify", "shpat_1")
    assert "shpat_1" not in way.sealed
    assert way.shop == Shop.objects.get(name="Lanterns")
    assert Event.objects.filter(kind="connection.made").count() == 1
    assert pull_next() == 1
    assert Order.objects.exists()
    page = owner.get(f"/office/shops/{way.pk}/").content.decode()
    assert f"/signals/{way.public_id}/" in page
    assert "shpat_1" not in page


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"base_url": "http://93.184.216.34"}, "https://"),
        ({"base_url": "ftp://shop.example.com"}, "has to look like"),
        ({"base_url": "https://a:b@shop.example.com"}, "password"),
        ({"token": "wrong"}, "Invalid API key"),
        ({"token": ""}, "required"),
        ({"currency": "EURO"}, "at most 3"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    owner: Client, shop: Counter, more: dict[str, str], says: str
) -> None:
    answer = _connect(owner, shop, **more)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Connection.objects.exists()


def test_a_shop_is_connected_once(owner: Client, shop: Counter) -> None:
    a_way_to_a_shop()
    answer = _connect(owner, shop, name="Lamps", anyway="on")
    assert "connected already" in answer.content.decode()
    assert Connection.objects.count() == 1


def test_files_and_the_connection_speak_of_one_shop(owner: Client) -> None:
    there = a_shop()
    answer = owner.post("/office/shops/new/generic/", {**SAID, "name": "Lamps", "anyway": "on"})
    assert answer.status_code == 302
    way = Connection.objects.get()
    assert way.shop == there
    assert way.secrets()["signing"].startswith("whsec_")
    assert not Pull.objects.exists(), "it only sends"


def test_secrets_stay_where_nothing_is_typed(owner: Client, shop: Counter) -> None:
    _connect(owner, shop, anyway="on")
    way = Connection.objects.get()
    place = f"/office/shops/{way.pk}/fields/"
    assert KEYS["token"] not in owner.get(place).content.decode()
    assert owner.post(place, {"base_url": shop.url, "anyway": "on"}).status_code == 302
    assert Connection.objects.get().secrets() == KEYS


def test_a_new_secret_and_the_one_before_it(owner: Client) -> None:
    way = a_way_to_a_shop()
    place = f"/office/shops/{way.pk}/secret/"
    assert SIGNING in owner.get(place).content.decode()
    owner.post(place)
    secrets = Connection.objects.get().secrets()
    assert secrets["signing_before"] == SIGNING
    assert secrets["signing"] in owner.get(place).content.decode()


def test_switched_off_nothing_is_asked_and_on_again_it_is(owner: Client, shop: Counter) -> None:
    _connect(owner, shop, anyway="on")
    way, asked = Connection.objects.get(), len(shop.asked)
    owner.post(f"/office/shops/{way.pk}/switching/", {"is_on": "no"})
    assert pull_next() == 0
    assert len(shop.asked) == asked
    owner.post(f"/office/shops/{way.pk}/import/", {"is_on": "yes"})
    owner.post(f"/office/shops/{way.pk}/switching/", {"is_on": "yes"})
    owner.post(f"/office/shops/{way.pk}/import/", {"is_on": "yes"})
    assert pull_next() == 1


def test_what_could_not_be_read_is_shown_and_read_again(owner: Client) -> None:
    way = a_way_to_a_shop()
    signal = a_signal(way)
    assert "It is no JSON." in owner.get(f"/office/shops/{way.pk}/").content.decode()
    owner.post(f"/office/signals/{signal.pk}/reading/")
    assert Signal.objects.get().state == "waiting"


def test_drift_stands_on_the_health_page(owner: Client) -> None:
    way = a_way_to_a_shop()
    Pull.objects.create(
        connection=way, what="order", purpose="night", state="done", counts={"drift": 3},
        drift=[], next_at=way.made_at, begun_at=way.made_at,
    )  # fmt: skip
    Pull.objects.create(  # the look at something else came after it, and found nothing
        connection=way, what="coupon", purpose="night", state="done",
        next_at=way.made_at, begun_at=way.made_at,
    )  # fmt: skip
    page = owner.get("/office/health/").content.decode()
    assert "Orders and products that were not as the shop has them: 3" in page


def test_without_any_shop_the_page_says_what_that_means(owner: Client) -> None:
    page = owner.get("/office/shops/").content.decode()
    assert "No shop is connected yet" in page
    assert "/office/shops/new/woocommerce/" in page
    assert owner.get("/office/shops/new/nothing/").status_code == 404
