"""Two agents before the same conversation: each sees what the other does, and nobody talks past."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Forgive, Sit
from tests.browser.shop import Mail, Shop

ANSWER = "Your answer"
UNREACHED = ("ERR_FAILED", "htmx:sendError", "htmx:afterRequest")


@pytest.fixture
def lamp(request: pytest.FixtureRequest, shop: Shop) -> int:
    """A conversation of this test's own."""
    return shop.conversation_about(f"Lamp of {request.node.name}")


@pytest.fixture
def nora(sit: Sit, lamp: int) -> Page:
    return opened(sit("nora"), lamp)


@pytest.fixture
def tomas(sit: Sit, lamp: int) -> Page:
    return opened(sit("tomas"), lamp)


def opened(page: Page, conversation: int) -> Page:
    page.goto(f"/conversations/{conversation}/")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    return page


def write(page: Page, words: str) -> None:
    page.get_by_role("textbox", name=ANSWER).fill(words)


def send(page: Page) -> None:
    page.get_by_role("textbox", name=ANSWER).press("Control+Enter")


def test_what_one_says_the_other_sees(nora: Page, tomas: Page) -> None:
    write(nora, "It left on Friday.")
    send(nora)
    expect(tomas.locator("#story .message--outgoing")).to_contain_text("It left on Friday.")
    expect(tomas.locator("#head")).to_contain_text("answered")
    expect(nora.locator("#story .message--outgoing")).to_have_count(1)


def test_a_note_shows_to_both_and_leaves_to_nobody(
    nora: Page, tomas: Page, lamp: int, shop: Shop
) -> None:
    nora.keyboard.press("n")
    nora.keyboard.type("The courier lost it, I asked them.")
    nora.keyboard.press("Control+Enter")
    for page in (nora, tomas):
        expect(page.locator("#story .note")).to_contain_text("The courier lost it")
        expect(page.locator("#story .note")).to_contain_text("to us only")
    assert shop.outbox(lamp) == []


def test_who_has_not_seen_the_newest_is_told_and_may_send_anyway(
    nora: Page, tomas: Page, lamp: int, shop: Shop, forgive: Forgive
) -> None:
    forgive("422", *UNREACHED)
    nora.route(re.compile(r"/news/"), lambda route: route.abort())
    write(nora, "It will come on Monday.")
    write(tomas, "It is lost; we send a new one today.")
    send(tomas)
    expect(tomas.locator("#story .message--outgoing")).to_have_count(1)

    send(nora)
    composer = nora.locator("#composer")
    expect(composer.get_by_role("alert")).to_contain_text("It is lost; we send a new one today.")
    expect(nora.get_by_role("textbox", name=ANSWER)).to_have_value("It will come on Monday.")
    expect(nora.get_by_role("textbox", name=ANSWER)).to_be_focused()
    assert len(shop.outbox(lamp)) == 1

    nora.keyboard.press("Control+Enter")
    expect(nora.get_by_role("textbox", name=ANSWER)).to_have_value("")
    assert [one["text"] for one in shop.outbox(lamp)] == [
        "It is lost; we send a new one today.",
        "It will come on Monday.",
    ]


def test_the_customers_newest_words_stand_before_the_answer(
    nora: Page, lamp: int, shop: Shop, forgive: Forgive
) -> None:
    forgive("422", *UNREACHED)
    nora.route(re.compile(r"/news/"), lambda route: route.abort())
    write(nora, "We send a new one.")
    send(nora)
    (queued,) = shop.wait_for(lambda: shop.outbox(lamp), "row in the outbox")
    expect(nora.get_by_role("textbox", name=ANSWER)).to_have_value("")
    write(nora, "It leaves today.")
    shop.mail(Mail(text="Never mind, it came!", to=queued["reply_to"]))
    shop.wait_for(lambda: shop.said(lamp, "Never mind"), "answer of the customer")
    send(nora)
    alert = nora.locator("#composer").get_by_role("alert")
    expect(alert).to_contain_text("Never mind, it came!")
    assert len(shop.outbox(lamp)) == 1


def test_whose_turn_it_is_shows_to_both(nora: Page, tomas: Page) -> None:
    nora.keyboard.press("a")
    nora.get_by_role("button", name="Tomas Brandt").click()
    for page in (nora, tomas):
        expect(page.locator("#head summary").first).to_contain_text("Tomas Brandt")
        expect(page.locator("#story")).to_contain_text("Tomas Brandt")


def test_a_tag_shows_to_both(nora: Page, tomas: Page) -> None:
    nora.keyboard.press("t")
    field = nora.get_by_role("combobox", name="Tags")
    expect(field).to_be_focused()
    field.fill("late parcel, vip")
    field.press("Enter")
    for page in (nora, tomas):
        expect(page.locator("#head")).to_contain_text("late parcel")
        expect(page.locator("#head")).to_contain_text("vip")


def test_resolving_and_opening_again_show_to_both(nora: Page, tomas: Page) -> None:
    nora.keyboard.press("e")
    for page in (nora, tomas):
        expect(page.locator("#head")).to_contain_text("resolved")
    tomas.get_by_role("button", name="Open again").click()
    for page in (nora, tomas):
        expect(page.locator("#head")).to_contain_text("waiting")
        expect(page.get_by_role("button", name="Resolve")).to_be_visible()


def test_a_rest_shows_to_both_and_ends_when_the_customer_writes(
    nora: Page, tomas: Page, lamp: int, shop: Shop
) -> None:
    write(nora, "We look into it.")
    send(nora)
    expect(nora.locator("#story .message--outgoing")).to_have_count(1)
    nora.get_by_role("textbox", name=ANSWER).blur()
    nora.keyboard.press("s")
    nora.get_by_role("button", name="Tomorrow").click()
    for page in (nora, tomas):
        expect(page.locator("#head")).to_contain_text("snoozed until")
    (queued,) = shop.outbox(lamp)
    shop.mail(Mail(text="Any news?", to=queued["reply_to"]))
    for page in (nora, tomas):
        expect(page.locator("#head")).to_contain_text("waiting")
        expect(page.locator("#story")).to_contain_text("Any news?")
