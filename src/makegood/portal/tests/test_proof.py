"""An order that was placed with another address is shown to be theirs, behind the private link."""

from typing import Any

import pytest
from django.test import Client

from makegood.channels.models import Delivery
from makegood.concerns.models import Proof
from makegood.concerns.proving import TRIES, send_code
from makegood.concerns.queries import is_theirs
from makegood.conversations.models import Conversation
from makegood.ledger.models import Event
from makegood.shop.models import Order
from tests.ordered import an_order


@pytest.fixture
def ordered(confirmed: str, olga: Any) -> Order:
    """Ordered with another address than Ida writes from; a code is under way to it."""
    order = an_order()
    Order.objects.filter(pk=order.pk).update(email="other@example.com")
    order.refresh_from_db()
    send_code(Conversation.objects.get(), order, by=olga)
    return order


def the_code(order: Order) -> str:
    mail = Delivery.objects.get(about=Proof.objects.get(order=order).ref)
    words = str(mail.outgoing["text"]).split()
    return next(word for word in words if word.isdigit() and len(word) == 6)


def is_shown(order: Order) -> bool:
    return is_theirs(Conversation.objects.get(), order)


def test_the_right_code_shows_that_the_order_is_theirs(
    confirmed: str,
    ordered: Order,
    client: Client,
) -> None:
    assert "The code from our mail" in client.get(confirmed).content.decode()
    code = the_code(ordered)
    answered = client.post(f"{confirmed}code/", {"code": f"{code[:3]} {code[3:]}"})
    assert answered.status_code == 302
    assert is_shown(ordered)
    page = client.get(confirmed).content.decode()
    assert "we know now that the order is yours" in page
    assert "The code from our mail" not in page
    proven = Event.objects.get(kind="order.proven")
    assert proven.by.startswith("customer:")


def test_a_wrong_code_says_how_often_one_may_try(
    confirmed: str,
    ordered: Order,
    client: Client,
) -> None:
    wrong = f"{(int(the_code(ordered)) + 1) % 10**6:06d}"
    for left in range(TRIES - 1, 0, -1):
        said = client.post(f"{confirmed}code/", {"code": wrong})
        assert said.status_code == 422
        assert ("once more" if left == 1 else f"{left} times more") in said.content.decode()
    last = client.post(f"{confirmed}code/", {"code": wrong}).content.decode()
    assert "holds no more" in last
    assert client.post(f"{confirmed}code/", {"code": the_code(ordered)}).status_code == 302
    assert not is_shown(ordered)


def test_the_page_tells_nobody_which_order_it_is(
    confirmed: str,
    ordered: Order,
    client: Client,
) -> None:
    page = client.get(confirmed).content.decode()
    assert ordered.number not in page
    assert "other@example.com" not in page


def test_where_no_code_was_sent_none_is_asked_for(confirmed: str, client: Client) -> None:
    assert "The code from our mail" not in client.get(confirmed).content.decode()
    assert client.post(f"{confirmed}code/", {"code": "123456"}).status_code == 302
