"""The list of orders: every one, found by what somebody has at hand; never a dead end."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.desk.tests.asking import signed_in
from makegood.makegoods.actions import give, offer
from makegood.makegoods.queries import makegoods_for
from makegood.makegoods.tests.giving import matter, wish
from makegood.shop import queries
from tests.ordered import an_order


def test_without_any_order_the_page_leads_to_where_they_come_from(olga: Any, nora: Any) -> None:
    page = signed_in(olga).get("/orders/").content.decode()
    assert "No order is known yet" in page
    assert "/office/shops/" in page
    assert "/office/orders/" in page
    assert "/office/shops/" not in signed_in(nora).get("/orders/").content.decode()


def test_an_order_is_found_by_its_number_or_its_buyer(nora: Any) -> None:
    an_order("#1001")
    an_order("#2002", email="bob@example.com")
    client = signed_in(nora)
    page = client.get("/orders/").content.decode()
    assert page.index("#2002") < page.index("#1001")
    assert "#2002" not in client.get("/orders/", {"q": "#1001"}).content.decode()
    assert "#2002" in client.get("/orders/", {"q": "bob@example.com"}).content.decode()
    assert "No such order" in client.get("/orders/", {"q": "#9"}).content.decode()


def test_older_orders_stand_on_the_next_page(nora: Any, monkeypatch: Any) -> None:
    for number in ("#1", "#2", "#3"):
        an_order(number)
    monkeypatch.setattr(queries, "SHOWN", 2)
    found = queries.orders_page(nora, "", "")
    assert [one.number for one in found.rows] == ["#3", "#2"]
    rest = queries.orders_page(nora, "", found.next)
    assert [one.number for one in rest.rows] == ["#1"]
    assert not rest.next
    assert queries.orders_page(nora, "", "damaged").rows[0].number == "#3"


def test_an_order_tells_what_was_made_good_for_it(olga: Any, nora: Any, lamp: Any) -> None:
    order, client = an_order(), signed_in(nora)
    with CaptureQueriesContext(connection) as bare:
        assert "Made good" not in client.get(f"/orders/{order.pk}/").content.decode()
    for _each in range(3):
        made = offer(matter(lamp, order), wish(5_00), by=olga)
        give(made, code=f"GLAD-{made.pk}", by=olga)
    with CaptureQueriesContext(connection) as full:
        page = client.get(f"/orders/{order.pk}/").content.decode()
    assert f"GLAD-{made.pk}" in page
    assert f"/makegoods/{made.pk}/" in page
    assert len(full) <= len(bare) + 2


def test_what_was_given_where_an_agent_may_not_look_is_not_told(
    olga: Any, vera: Any, lamp: Any
) -> None:
    order = an_order()
    offer(matter(lamp, order), wish(5_00), by=olga)
    page = signed_in(vera).get(f"/orders/{order.pk}/")
    assert page.status_code == 404 or "Made good" not in page.content.decode()
    assert makegoods_for(order, vera) == []
    assert len(makegoods_for(order, olga)) == 1
