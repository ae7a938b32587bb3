"""Files of orders in the office, and an order at the desk."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from makegood.conversations.models import Conversation
from makegood.desk.tests.asking import HTMX, at_most, signed_in
from makegood.shop.models import ImportRun, Order
from makegood.shop.working import work_off
from tests.ordered import LAMP, an_order


def _wish(**more: Any) -> dict[str, Any]:
    file = SimpleUploadedFile("orders.csv", LAMP.encode(), "text/csv")
    wish = {"shop": "Lamps", "currency": "EUR", "time_zone": "Europe/Berlin"}
    return {"file": file, **wish, **more}


def test_orders_come_in_from_a_file_and_go_again(olga: Any) -> None:
    as_olga = signed_in(olga)
    address = as_olga.post("/office/orders/", _wish()).headers["Location"]
    run = ImportRun.objects.get()
    assert address == f"/office/orders/{run.pk}/"
    page = as_olga.get(address).content.decode()
    assert 'name="column_0"' in page
    as_olga.post(address, {f"column_{n}": word for n, word in enumerate(run.matched)})
    work_off(run.pk)
    looked = as_olga.get(address).content.decode()
    assert "#1001" in looked
    assert "€25.00" in looked
    as_olga.post(f"{address}begin/")
    work_off(run.pk)
    assert Order.objects.get().total_minor == 2500
    part = as_olga.get(address, headers={**HTMX, "HX-Target": "orders-file"}).content.decode()
    assert "Orders that came in: 1" in part
    assert "<html" not in part
    as_olga.post(f"{address}undo/")
    work_off(run.pk)
    assert not Order.objects.exists()


@pytest.mark.parametrize("more", [{"currency": "Gold"}, {"shop": "  "}, {"time_zone": "Moon"}])
def test_a_file_of_no_shop_is_told_what_is_wrong(olga: Any, more: dict[str, str]) -> None:
    assert signed_in(olga).post("/office/orders/", _wish(**more)).status_code == 422
    assert not ImportRun.objects.exists()


def test_a_column_that_is_needed_is_asked_for(olga: Any) -> None:
    as_olga = signed_in(olga)
    address = as_olga.post("/office/orders/", _wish()).headers["Location"]
    said = as_olga.post(address, {"column_0": "number"}, follow=True).content.decode()
    assert "Say which column holds this" in said


def test_a_customers_orders_stand_beside_the_conversation(lamp: Conversation, nora: Any) -> None:
    address = lamp.customer.handles.get().address
    order = an_order(email=address)
    as_nora = signed_in(nora)
    pane = as_nora.get(f"/conversations/{lamp.pk}/customer/").content.decode()
    assert f'href="/orders/{order.pk}/?conversation={lamp.pk}"' in pane
    assert "not sent yet" in pane
    with at_most(19):
        page = as_nora.get(f"/orders/{order.pk}/").content.decode()
    assert f'href="/customers/{lamp.customer_id}/"' in page
    assert "2 × Lamp" in page


def test_orders_of_others_are_not_beside_it(lamp: Conversation, nora: Any) -> None:
    order = an_order(email="somebody.else@example.com")
    pane = signed_in(nora).get(f"/conversations/{lamp.pk}/customer/").content.decode()
    assert f"/orders/{order.pk}/" not in pane
