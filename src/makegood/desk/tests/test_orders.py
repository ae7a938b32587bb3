"""The list of orders: every one, found by what somebody has at hand; never a dead end."""

from typing import Any

from makegood.desk.tests.asking import signed_in
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
