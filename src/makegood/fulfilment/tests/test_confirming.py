"""Customers hear that their order is here: from the shop, from an agent, or by itself; once."""

from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from makegood.channels.models import Delivery, Inbox
from makegood.fulfilment.actions import switch_terms
from makegood.fulfilment.confirming import confirm_order, told_by_shop
from makegood.fulfilment.forgetting import forget_confirmations
from makegood.fulfilment.models import Confirmation, Reread
from makegood.fulfilment.overdue import send_due, send_waiting, waiting_number
from makegood.fulfilment.rereading import reread_next
from makegood.kit.errors import Refused
from makegood.parcels.models import ToWeigh
from makegood.promises.explaining import explain
from makegood.promises.models import Promise
from makegood.promises.ticking import tick
from makegood.shop.seen import Buyer, LineSeen, OrderSeen, PaymentSeen
from makegood.team.models import Agent
from tests.parcelled import DAY, MONDAY, seen, stated, told

pytestmark = pytest.mark.django_db
HOUR, MINUTE = DAY / 24, DAY / 24 / 60
PAID = PaymentSeen(external_id="1", amount_minor=2500, currency="EUR", at=MONDAY + HOUR)


def at(moment: datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def ordered(number: str = "1", email: str = "ann@shop-customers.com", **more: Any) -> OrderSeen:
    lamp = LineSeen(external_id="l", title="Lamp", quantity=2, unit_minor=1250)
    return seen(
        more.pop("told_at", MONDAY), external_id=number, number=f"#{number}",
        buyer=Buyer(email=email, name="Ann Berg"), lines=(lamp,), **more,
    )  # fmt: skip


def state(kind: str = "acknowledged") -> str:
    return Promise.objects.get(kind=kind).state


def test_nobody_is_told_anything_that_the_office_did_not_state(olga, mailbox):
    stated(olga)
    with at(MONDAY):
        told(ordered())
    assert not Promise.objects.filter(kind__in=("acknowledged", "paid_confirmed")).exists()


def test_an_agent_sends_what_the_shop_did_not(olga, nora, mailbox):
    stated(olga, acknowledge_minutes=60)
    with at(MONDAY):
        order = told(ordered())
    with at(MONDAY + HOUR / 2):
        confirm_order(order, "acknowledged", by=nora)
        confirm_order(order, "acknowledged", by=nora)
    mail = Delivery.objects.get(about=order.ref).outgoing
    assert "2 × Lamp" in mail["text"]
    assert "We send it by 3 March at the latest." in mail["text"]
    assert mail["to"][0]["address"] == "ann@shop-customers.com"
    one = Promise.objects.get(kind="acknowledged")
    assert (one.state, one.settled_at) == ("kept", MONDAY + HOUR / 2)
    assert any("within 60 minutes" in said for said in explain(one, MONDAY).sentences)


def test_who_is_forgotten_leaves_no_confirmation_behind(olga, nora, mailbox):
    stated(olga, acknowledge_minutes=60)
    with at(MONDAY):
        order = told(ordered())
        confirm_order(order, "acknowledged", by=nora)
    forget_confirmations(["ann@shop-customers.com"])
    assert Confirmation.objects.get().email == ""
    assert "ann@shop-customers.com" not in str(Delivery.objects.get(about=order.ref).outgoing)


def test_what_is_told_too_late_is_kept_late(olga, nora, mailbox):
    stated(olga, acknowledge_minutes=60)
    with at(MONDAY):
        order = told(ordered())
    tick(MONDAY + 2 * HOUR)
    assert state() == "broken"
    with at(MONDAY + 3 * HOUR):
        told_by_shop(order, "acknowledged", by=nora)
    assert state() == "kept_late"
    assert not Delivery.objects.exists()


def test_the_payment_is_confirmed_from_when_it_came(olga, nora, mailbox):
    stated(olga, paid_minutes=30)
    with at(MONDAY):
        order = told(ordered())
    with at(MONDAY), pytest.raises(Refused):
        confirm_order(order, "paid_confirmed", by=nora)
    with at(MONDAY + HOUR):
        told(ordered(payments=(PAID,), told_at=MONDAY + HOUR))
    assert Promise.objects.get(kind="paid_confirmed").due_at == MONDAY + 1.5 * HOUR
    with at(MONDAY + HOUR):
        confirm_order(order, "paid_confirmed", by=nora)
    assert state("paid_confirmed") == "kept"


def test_nothing_is_sent_by_itself_unless_the_office_says_so(olga, mailbox):
    version = stated(olga, acknowledge_minutes=60)
    with at(MONDAY):
        order = told(ordered())
    with at(MONDAY + HOUR - MINUTE):
        assert send_due(MONDAY + HOUR - MINUTE) == 0
        type(version).objects.update(sends_itself=True)
        assert send_due(MONDAY + HOUR / 10) == 0  # the shop may still do it
        assert send_due(MONDAY + HOUR - MINUTE) == 1
        assert send_due(MONDAY + HOUR - MINUTE) == 0
    assert Confirmation.objects.get().how == "sent"
    assert Delivery.objects.filter(about=order.ref).count() == 1
    assert state() == "kept"


def test_what_cannot_be_sent_says_why_and_a_person_may_settle_it(olga, nora, mailbox):
    stated(olga, acknowledge_minutes=60, sends_itself=True)
    with at(MONDAY):
        order = told(ordered(email="noreply@shop-customers.com"))
    late = MONDAY + 2 * HOUR
    tick(late)
    with at(late):
        assert send_due(late) == 1
        page = browser(nora).get("/orders/late/").text
        assert "Nobody reads what is sent to noreply@shop-customers.com" in page
        with pytest.raises(Refused):
            confirm_order(order, "acknowledged", by=nora)
        assert send_waiting(late, by=nora) == (0, 1)
        path = f"/orders/{order.pk}/confirmation/"
        said = {"kind": "acknowledged", "do": "shop", "back": "late"}
        assert browser(nora).post(path, said).headers["Location"] == "/orders/late/"
    assert state() == "kept_late"
    assert not Delivery.objects.exists()


def test_all_that_wait_are_sent_at_one_press(olga, nora, mailbox):
    stated(olga, acknowledge_minutes=60)
    with at(MONDAY):
        for n in range(3):
            told(ordered(str(n), f"ann{n}@shop-customers.com"))
    late = MONDAY + 2 * HOUR
    tick(late)
    with at(late):
        assert waiting_number(late) == 3
        client = browser(nora)
        assert "3 confirmations of orders and payments wait" in client.get("/orders/late/").text
        client.post("/orders/late/confirmations/")
        assert waiting_number(late) == 0
    assert Delivery.objects.count() == 3


def test_what_is_cancelled_is_not_confirmed(olga, nora, mailbox):
    stated(olga, acknowledge_minutes=60)
    with at(MONDAY):
        told(ordered())
        order = told(ordered(standing="cancelled", told_at=MONDAY + MINUTE))
        with pytest.raises(Refused):
            confirm_order(order, "acknowledged", by=nora)
    assert state() == "withdrawn"


def test_orders_from_before_are_not_confirmed_but_sent_in_time(olga, mailbox):
    with at(MONDAY):
        order = told(ordered())
        version = stated(olga, acknowledge_minutes=60, published_at=MONDAY + HOUR)
        switch_terms(version.terms, is_on=False, by=olga)
        switch_terms(version.terms, is_on=True, by=olga)
        ToWeigh.objects.all().delete()
        for _step in range(9):
            if not reread_next():
                break
    assert not Reread.objects.filter(ended_at=None).exists()
    assert set(order.promises.values_list("kind", flat=True)) == {
        "shipped", "first_scan", "delivered",
    }  # fmt: skip
    assert ToWeigh.objects.filter(order=order.pk).exists()


def test_without_an_inbox_nothing_can_be_sent(olga, nora):
    stated(olga, acknowledge_minutes=60)
    Inbox.objects.all().delete()
    with at(MONDAY):
        order = told(ordered())
        with pytest.raises(Refused):
            confirm_order(order, "acknowledged", by=nora)
    assert not Confirmation.objects.exists()


def browser(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client
