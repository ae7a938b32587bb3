"""The shop is asked after a look at what is at stake, and its answer stands on the order's page."""

from collections.abc import Iterator

import pytest
from django.test import Client

from makegood.conversations.models import Conversation
from makegood.desk.tests.asking import signed_in
from makegood.errands.actions import ask
from makegood.errands.doing import run_next_errand
from makegood.errands.models import Errand
from makegood.errands.stakes import at_stake, left_to_refund
from makegood.kit.errors import Refused
from makegood.shop.connectors.interface import Ability, Wanted
from makegood.shop.models import Connection, Line, Order
from makegood.team.models import Agent, OwnRole
from makegood.team.roles import save_role
from tests.lamp_shop import LampShop
from tests.ordered import a_way_to_a_shop, an_order


@pytest.fixture
def lamps(settings: object) -> Iterator[LampShop]:
    shop = LampShop()
    settings.NEAR_HOSTS = (shop.host,)  # type: ignore[attr-defined]
    yield shop
    shop.close()


@pytest.fixture
def order(db: None) -> Order:
    order = an_order()
    Order.objects.filter(pk=order.pk).update(paid=Order.Paid.PAID)
    return order


@pytest.fixture
def as_olga(olga: Agent) -> Client:
    return signed_in(olga)


def filled(client: Client, path: str, **words: str) -> dict[str, str]:
    """A form as a browser sends it: with the key that it came with."""
    page = client.get(path).content.decode()
    key = page.partition('name="key" value="')[2].partition('"')[0]
    assert key
    return {"key": key, **words}


def test_a_refund_is_looked_at_asked_and_answered(
    order: Order, lamps: LampShop, as_olga: Client
) -> None:
    a_way_to_a_shop(base_url=lamps.url, token="t")
    path = f"/orders/{order.pk}/ask/refund/"
    told = filled(as_olga, path, amount="10,00")
    look = as_olga.post(path, told)
    assert "€10.00" in look.content.decode()
    assert not Errand.objects.exists()
    for _press in range(2):
        answer = as_olga.post(path, told | {"confirm": "1"})
        assert answer.headers["Location"] == f"/orders/{order.pk}/#asked"
    assert Errand.objects.count() == 1
    run_next_errand()
    page = as_olga.get(f"/orders/{order.pk}/").content.decode()
    assert "Gladly." in page
    assert [said["amount_minor"] for _key, said in lamps.journal] == [1000]


@pytest.mark.parametrize(
    ("what", "words", "wrong"),
    [
        ("refund", {"amount": "99"}, "can still go back"),
        ("refund", {"amount": "much"}, "cannot be read"),
        ("refund", {"amount": ""}, "Say how much"),
        ("coupon", {"amount": "0 %", "days": "30"}, "1 to 100 percent"),
        ("replacement", {}, "Say which articles"),
        ("address", {"city": ""}, "required"),
    ],
)
def test_what_cannot_be_is_said_beside_the_form_and_nothing_is_asked(
    order: Order, as_olga: Client, what: str, words: dict[str, str], wrong: str
) -> None:
    path = f"/orders/{order.pk}/ask/{what}/"
    answer = as_olga.post(path, filled(as_olga, path, **words) | {"confirm": "1"})
    assert answer.status_code == 422
    assert wrong in answer.content.decode()
    assert not Errand.objects.exists()


def test_by_its_articles_it_costs_what_they_cost(order: Order, as_olga: Client) -> None:
    path = f"/orders/{order.pk}/ask/refund/"
    told = filled(as_olga, path, amount="") | {"line-1": "1", "confirm": "1"}
    as_olga.post(path, told)
    assert Errand.objects.get().minor == 1250


def test_a_shop_that_is_not_connected_says_so_and_a_person_says_how_it_ended(
    order: Order, as_olga: Client
) -> None:
    path = f"/orders/{order.pk}/ask/cancel/"
    assert "not connected" in as_olga.get(path).content.decode()
    as_olga.post(path, filled(as_olga, path) | {"confirm": "1"})
    errand = Errand.objects.get()
    as_olga.post(f"/errands/{errand.pk}/settled/", {"done": "1", "words": "By telephone."})
    errand.refresh_from_db()
    assert (errand.state, errand.words) == ("done", "By telephone.")


def test_what_waits_is_called_off_from_the_page(order: Order, as_olga: Client) -> None:
    path = f"/orders/{order.pk}/ask/resend/"
    as_olga.post(path, filled(as_olga, path) | {"confirm": "1"})
    as_olga.post(f"/errands/{Errand.objects.get().pk}/off/")
    assert Errand.objects.get().state == "called_off"


def test_an_act_that_there_is_not_and_a_conversation_of_others_are_404(
    order: Order, as_olga: Client
) -> None:
    assert as_olga.get(f"/orders/{order.pk}/ask/burn/").status_code == 404
    for number in ("987654321", "x", "٣"):
        path = f"/orders/{order.pk}/ask/refund/?conversation={number}"
        assert as_olga.get(path).status_code == 404


def test_what_a_role_may_not_is_not_there(order: Order, nora: Agent) -> None:
    role = OwnRole.objects.create(name="Changers", permissions=["answer", "orders.change"])
    nora.own_role, nora.granted = role, role.permissions
    nora.save()
    as_nora = signed_in(nora)
    assert as_nora.get(f"/orders/{order.pk}/ask/refund/").status_code == 404
    assert as_nora.get(f"/orders/{order.pk}/ask/cancel/").status_code == 200
    page = as_nora.get(f"/orders/{order.pk}/").content.decode()
    assert "ask/refund/" not in page
    assert "ask/cancel/" in page


def test_what_such_a_shop_can_never_be_asked_for_is_noted_and_done_by_hand(
    order: Order, as_olga: Client
) -> None:
    a_way_to_a_shop("woocommerce", "https://lamps.example.com")
    path = f"/orders/{order.pk}/ask/return_label/"
    page = as_olga.get(f"/orders/{order.pk}/").content.decode()
    assert path in page
    assert "Note one as a task" in page
    line = order.lines.get()
    told = filled(as_olga, path) | {f"line-{line.external_id}": "1"}
    assert "We cannot ask" in as_olga.post(path, told).content.decode()
    said = as_olga.post(path, told | {"confirm": "1"}, follow=True).content.decode()
    assert "somebody does it there by hand" in said
    assert f"1 × {line.title}" in said
    errand = Errand.objects.get()
    assert (errand.state, run_next_errand()) == ("by_hand", 0)
    as_olga.post(f"/errands/{errand.pk}/settled/", {"done": "0", "words": "No label there."})
    errand.refresh_from_db()
    assert (errand.state, errand.words) == ("declined", "No label there.")


def test_whoever_names_articles_gives_back_what_they_cost(order: Order, as_olga: Client) -> None:
    """The amount that stood there was all that is left; its discount is taken off a part too."""
    Line.objects.update(discount_minor=5_00)
    path = f"/orders/{order.pk}/ask/refund/"
    told = filled(as_olga, path, amount="25.00", began="25.00", **{"line-1": "1"})
    assert "€10.00" in as_olga.post(path, told).content.decode()
    told["amount"] = "7.00"
    assert "€7.00" in as_olga.post(path, told).content.decode()


def test_of_an_order_that_nobody_has_shown_to_be_theirs_it_is_asked_once_more(
    order: Order, lamp: Conversation, as_olga: Client
) -> None:
    """Ida writes; Ann ordered."""
    path = f"/orders/{order.pk}/ask/cancel/"
    told = filled(as_olga, f"{path}?conversation={lamp.pk}", conversation=str(lamp.pk), confirm="1")
    asked = as_olga.post(path, told).content.decode()
    assert "nobody has shown" in asked
    assert not Errand.objects.exists()
    as_olga.post(path, told | {"known": "on"})
    assert Errand.objects.get().what == "cancel"


def test_where_cancelling_pays_back_that_money_is_at_stake(
    order: Order, as_olga: Client, nora: Agent, olga: Agent
) -> None:
    """Medusa gives back what was paid; the others leave it where it is."""
    way = a_way_to_a_shop(kind="medusa", base_url="http://127.0.0.1:9", token="t")
    path = f"/orders/{order.pk}/ask/cancel/"
    assert "€25.00" in as_olga.post(path, filled(as_olga, path)).content.decode()
    role = save_role(None, name="Packer", words="", permissions=["orders.change"], by=olga)
    nora.own_role, nora.granted = role, ["orders.change"]
    order.refresh_from_db()
    wanted = Wanted(what=Ability.CANCEL, order_id=order.external_id)
    with pytest.raises(Refused):
        ask(order, wanted, key="of-nora", by=nora)
    ask(order, wanted, key="of-olga", by=olga)
    assert (Errand.objects.get().minor, left_to_refund(order).minor) == (25_00, 0)
    Connection.objects.filter(pk=way.pk).update(kind="generic")
    order.shop.refresh_from_db()
    assert at_stake(order, wanted) is None
