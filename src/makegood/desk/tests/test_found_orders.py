"""The search and the palette lead to orders, by whatever of them was typed."""

from typing import Any

import pytest

from makegood.desk.tests.asking import signed_in
from makegood.palette.finding import found_for
from tests.ordered import an_order


@pytest.mark.parametrize("typed", ["1001", "#1001", "order:1001", "ann@example.com", "Ann"])
def test_the_search_shows_the_order_that_was_meant(nora: Any, typed: str) -> None:
    found = an_order()
    shown = signed_in(nora).get("/search/", {"q": typed}).text
    assert f'href="/orders/{found.pk}/"' in shown
    assert "Nothing found" not in shown


def test_the_search_shows_no_order_that_was_not_meant(nora: Any) -> None:
    an_order()
    shown = signed_in(nora).get("/search/", {"q": "1002"}).text
    assert "/orders/" not in shown
    assert "Nothing found" in shown


@pytest.mark.parametrize("typed", ["", "order:", "#", "due:nonsense", "order:100*,#9"])
def test_what_is_no_question_yet_is_a_page(nora: Any, typed: str) -> None:
    an_order()
    assert signed_in(nora).get("/search/", {"q": typed}).status_code == 200


def test_the_palette_leads_to_an_order_by_number_and_name(nora: Any) -> None:
    found = an_order()
    for typed in ("1001", "ann"):
        ways = [one.to for one in found_for(nora, typed)]
        assert f"/orders/{found.pk}/" in ways
    assert not [one for one in found_for(nora, "1002") if one.name.startswith("order:")]
