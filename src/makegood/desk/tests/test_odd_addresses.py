"""Addresses that no page of ours has: what somebody makes up is not found, and breaks nothing."""

from typing import Any

import pytest

from makegood.conversations.models import Conversation
from makegood.desk.tests.asking import signed_in
from makegood.kit.paging import mark

TOO_LARGE = 10**24
FAR = ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "9999-99-99", "2026-01-01")


@pytest.mark.parametrize("at", FAR)
def test_a_mark_of_no_moment_begins_at_the_front(lamp: Conversation, nora: Any, at: str) -> None:
    client = signed_in(nora)
    for place in ("/inbox/snoozed/", "/customers/", f"/customers/{lamp.customer_id}/"):
        words = ["message", 1] if place.endswith(f"{lamp.customer_id}/") else [1]
        assert client.get(place, {"after": mark(at, *words)}).status_code == 200


def test_a_number_that_no_row_can_have_is_not_found(lamp: Conversation, nora: Any) -> None:
    client = signed_in(nora)
    assert client.get("/customers/", {"segment": "9" * 5000}).status_code == 404
    place = f"/conversations/{lamp.pk}"
    assert client.post(f"{place}/handles/{TOO_LARGE}/").status_code == 404
    assert client.post(f"{place}/participants/{TOO_LARGE}/", {"is": "admitted"}).status_code < 500


@pytest.mark.parametrize("place", ["/customers/", "/search/", "/inbox/open/"])
@pytest.mark.parametrize("words", ["\x00", "lam\x00p", '"\x00"', "subject:\x00"])
def test_a_sign_that_no_text_holds_is_looked_for_and_not_found(
    lamp: Conversation, nora: Any, place: str, words: str
) -> None:
    assert signed_in(nora).get(place, {"q": words}).status_code == 200
