"""A second mail of one matter is joined by a key, a new matter split off, and both undone."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Sit
from tests.browser.post_office import PostOffice
from tests.browser.shop import Mail, Shop
from tests.browser.test_story import answer_to, assert_never_reloaded, leave_a_mark

SLOWLY = 1_500
"""Milliseconds: by then everybody has heard of it."""


def open_conversation(page: Page, number: int) -> None:
    page.goto(f"/conversations/{number}/")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    leave_a_mark(page)


def answered_late(page: Page, address: str) -> None:
    """Hold back what comes of an act: its news overtakes it, as on a slow line."""

    def wait(route: Route) -> None:
        answer = route.fetch()
        page.wait_for_timeout(SLOWLY)
        route.fulfill(response=answer)

    page.route(address, wait)


@pytest.mark.parametrize("is_overtaken", [False, True])
def test_what_looks_alike_is_joined_by_a_key_and_taken_out_again(
    is_overtaken: bool, sit: Sit, shop: Shop
) -> None:
    subject = f"The green lantern, {uuid4().hex[:6]}"  # nobody wrote of it before
    first = shop.conversation_about(subject, "Where is it?")
    shop.mail(Mail(text="Hello, anybody?", subject=f"Re: {subject}"))
    again = shop.conversation(f"Re: {subject}")
    nora = sit("nora")
    open_conversation(nora, again)
    if is_overtaken:
        answered_late(nora, "**/join/")
        answered_late(nora, "**/parting/")
    expect(nora.locator("#hints")).to_contain_text("The same customer and the same subject")
    nora.keyboard.press("y")
    expect(nora.locator("#story")).to_contain_text("Where is it?")
    expect(nora.locator("#story")).to_contain_text("Hello, anybody?")
    expect(nora.locator("#head")).to_contain_text(f"also #{again}")
    assert nora.url.endswith(f"/conversations/{first}/")
    nora.get_by_role("button", name="Take out").click()
    expect(nora.locator("#story")).not_to_contain_text("Where is it?")
    expect(nora.locator("#story")).to_contain_text("Hello, anybody?")
    assert nora.url.endswith(f"/conversations/{again}/")
    assert_never_reloaded(nora)


def test_a_new_matter_is_noticed_and_split_off_by_a_key(
    sit: Sit, shop: Shop, post_office: PostOffice
) -> None:
    number = shop.conversation_about("The blue lantern", "Where is it?")
    nora = sit("nora")
    open_conversation(nora, number)
    nora.keyboard.press("r")
    nora.keyboard.type("It left on Monday and is blue.")
    nora.keyboard.press("Control+Enter")
    letter = shop.wait_for(lambda: post_office.letter_with("It left on Monday"), "letter")
    letter.replace_header("Subject", "Invoice for chairs")
    answer_to(shop, letter, "Please send me the invoice.")
    expect(nora.locator("#hints")).to_contain_text("Looks like a new matter")
    nora.keyboard.press("Escape")
    nora.locator("#conversation-title").click()
    nora.keyboard.press("x")
    expect(nora.get_by_role("heading", name="Invoice for chairs")).to_be_visible()
    expect(nora.locator("#story")).not_to_contain_text("It left on Monday")
    assert_never_reloaded(nora)
