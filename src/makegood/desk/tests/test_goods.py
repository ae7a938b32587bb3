"""What is left of what was bought, on the pages of orders and products, and carts left behind."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from makegood.conversations.models import Conversation
from makegood.desk.tests.asking import signed_in
from makegood.makegoods.models import Makegood
from makegood.parcels.models import LateDay
from makegood.shop.applying import apply
from makegood.shop.models import Coupon, Order
from makegood.shop.seen_goods import CartLineSeen, CartSeen, CouponSeen
from makegood.team.models import Agent
from makegood.team.roles import save_role
from tests.ordered import DAY, a_product, a_shop, an_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_nora(nora: Agent) -> Client:
    return signed_in(nora)


def shown(client: Client, place: str) -> str:
    answer = client.get(place)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("stock", "words"), [(3, "3 left"), (0, "none left"), (-2, "none left, 2 too many sold")]
)
def test_a_line_says_how_many_are_left_and_leads_to_its_product(
    stock: int, words: str, as_nora: Client
) -> None:
    order, product = an_order(), a_product(stock)
    page = shown(as_nora, f"/orders/{order.pk}/")
    assert words in page
    assert f"/products/{product.pk}/#variant-" in page


def test_a_line_of_what_nobody_told_of_stands_as_before(as_nora: Client) -> None:
    page = shown(as_nora, f"/orders/{an_order().pk}/")
    assert "2 × Lamp" in page
    assert "/products/" not in page


def test_the_page_of_an_order_asks_as_often_however_many_lines(
    as_nora: Client,
) -> None:
    order = an_order()
    with CaptureQueriesContext(connection) as before:
        shown(as_nora, f"/orders/{order.pk}/")
    a_product(3)
    with CaptureQueriesContext(connection) as after:
        shown(as_nora, f"/orders/{order.pk}/")
    assert len(after) <= len(before)


def test_a_code_says_what_it_was(as_nora: Client) -> None:
    order = an_order()
    Order.objects.update(codes=["sorry5", "OTHER"])
    apply(a_shop(), CouponSeen(external_id="c", told_at=DAY, code="SORRY5", currency="EUR",
                               basis_points=1250, uses=2, most_uses=5))  # fmt: skip
    page = shown(as_nora, f"/orders/{order.pk}/")
    assert "a coupon of 12.5 %" in page
    assert "used: 2 / 5" in page
    assert "a coupon that was used" in page
    Coupon.objects.update(is_gone=True)
    assert "deleted in the shop" in shown(as_nora, f"/orders/{order.pk}/")


def test_a_product_shows_its_variants_its_lateness_and_what_it_cost(as_nora: Client) -> None:
    product = a_product(0)
    today = timezone.now().date()
    LateDay.objects.create(sku="L-1", day=today, country="de", carrier="dhl", orders=40, late=3)
    LateDay.objects.create(sku="", day=today, country="de", carrier="dhl", orders=900, late=1)
    page = shown(as_nora, f"/products/{product.pk}/")
    for words in ("Paper lamp", "White", "Red", "none left", "not counted",
                  "late 3 of 40 orders within a year", "Nothing was given because of it.",
                  "https://lamps.example.com/paper-lamp"):  # fmt: skip
        assert words in page
    assert "900" not in page
    assert Makegood.objects.count() == 0


def test_nobody_sees_a_product_that_is_none(as_nora: Client) -> None:
    assert as_nora.get("/products/987654/").status_code == 404


def a_cart(email: str) -> None:
    now = timezone.now() - timedelta(hours=2)
    apply(a_shop(), CartSeen(external_id="k", told_at=now, changed_at=now, currency="EUR",
                             value_minor=3490, email=email,
                             lines=(CartLineSeen(title="Paper lamp", quantity=2),)))  # fmt: skip


def test_a_cart_left_behind_stands_beside_the_conversation(
    lamp: Conversation, as_nora: Client
) -> None:
    assert "Left behind" not in shown(as_nora, f"/conversations/{lamp.pk}/customer/")
    a_cart(lamp.customer.handles.get(kind="email").address)
    page = shown(as_nora, f"/conversations/{lamp.pk}/customer/")
    assert "Left behind" in page
    assert "€34.90" in page


def test_a_cart_is_not_for_whoever_may_not_change_orders(
    lamp: Conversation, nora: Agent, as_nora: Client
) -> None:
    a_cart(lamp.customer.handles.get(kind="email").address)
    role = save_role(None, name="Reader", words="", permissions=["answer"], by=nora)
    Agent.objects.filter(pk=nora.pk).update(own_role=role, granted=role.permissions)
    answer = as_nora.get(f"/conversations/{lamp.pk}/customer/")
    assert "Left behind" not in answer.content.decode()


def test_what_is_sold_out_can_be_promised_from_the_page_of_its_order(
    lamp: Conversation, as_nora: Client
) -> None:
    order, product = an_order(), a_product(0)
    place = f"/orders/{order.pk}/?conversation={lamp.pk}"
    assert "Promise to tell them" in shown(as_nora, place)
    assert "Promise to tell them" not in shown(as_nora, f"/orders/{order.pk}/")
    variant = product.variants.get(external_id="v1")
    act = f"/conversations/{lamp.pk}/wanted/{variant.pk}/"
    assert as_nora.post(act, {"day": "x", "order": order.pk}).status_code == 409
    day = (timezone.now() + timedelta(days=9)).date().isoformat()
    answer = as_nora.post(act, {"day": day, "order": order.pk})
    assert (answer.status_code, answer.headers["Location"]) == (302, place)
    page = shown(as_nora, place)
    assert "They are told when it is there again" in page
    assert "Promise to tell them" not in page
