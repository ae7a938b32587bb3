"""The page works as HTML: without JavaScript everything is a link or a form."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Forgive, Sit
from tests.browser.shop import PASSWORD, Shop


@pytest.fixture
def lamp(request: pytest.FixtureRequest, shop: Shop) -> int:
    return shop.conversation_about(f"Lamp of {request.node.name}")


@pytest.fixture
def tomas(sit: Sit) -> Page:
    """Tomas, whose browser runs no script at all."""
    return sit("tomas", java_script_enabled=False)


def test_one_signs_in(sit: Sit) -> None:
    page = sit(java_script_enabled=False)
    page.goto("/")
    page.get_by_label("E-mail address").fill("tomas@lantern.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/inbox/waiting/")
    expect(page.locator(".rail")).to_contain_text("Tomas Brandt")


def test_a_mail_is_read_and_answered(tomas: Page, lamp: int, shop: Shop) -> None:
    tomas.goto("/inbox/waiting/")
    tomas.locator(f"#row-{lamp}").click()
    expect(tomas.locator("#story")).to_contain_text("It was due on Friday.")
    tomas.get_by_role("textbox", name="Your answer").fill("It left this morning.")
    tomas.get_by_role("button", name="Send").click()
    expect(tomas.locator("#story .message--outgoing")).to_contain_text("It left this morning.")
    (queued,) = shop.outbox(lamp)
    assert queued["text"].startswith("It left this morning.")


def test_a_note_is_added(tomas: Page, lamp: int, shop: Shop) -> None:
    tomas.goto(f"/conversations/{lamp}/")
    tomas.locator(".composer__kind", has_text="Note to us").click()
    tomas.get_by_role("textbox", name="Your note").fill("She called, too.")
    tomas.get_by_role("button", name="Add note").click()
    expect(tomas.locator("#story .note")).to_contain_text("She called, too.")
    assert shop.outbox(lamp) == []


def test_it_is_resolved_and_opened_again(tomas: Page, lamp: int) -> None:
    tomas.goto(f"/conversations/{lamp}/")
    tomas.get_by_role("button", name="Resolve").click()
    expect(tomas.locator("#head")).to_contain_text("resolved")
    tomas.get_by_role("button", name="Open again").click()
    expect(tomas.locator("#head")).to_contain_text("waiting")


def test_it_is_assigned_tagged_and_put_aside(tomas: Page, lamp: int) -> None:
    tomas.goto(f"/conversations/{lamp}/")
    _ask(tomas, "Assign")
    tomas.get_by_role("button", name="Nora Lindqvist").click()
    expect(tomas.locator("#head")).to_contain_text("Nora Lindqvist")
    _ask(tomas, "Tags")
    tomas.get_by_label("Tags, with commas between").fill("fragile")
    tomas.get_by_role("button", name="Keep").click()
    expect(tomas.locator("#head")).to_contain_text("fragile")
    _ask(tomas, "Snooze")
    tomas.get_by_role("button", name="Tomorrow").click()
    expect(tomas.locator("#head")).to_contain_text("snoozed until")


def _ask(page: Page, word: str) -> None:
    """Open a menu by its summary and follow the one line in it to a page of its own."""
    page.locator(
        "#head summary", has=page.locator(f'[aria-label="{word}"], :text("{word}")')
    ).click()
    page.locator("#head details[open]").get_by_role("link", name=word).click()


def test_an_empty_answer_is_refused_in_words(tomas: Page, lamp: int, forgive: Forgive) -> None:
    forgive("422")
    tomas.goto(f"/conversations/{lamp}/")
    tomas.get_by_role("button", name="Send").click()
    expect(tomas.get_by_role("alert")).to_contain_text("nothing to send yet")


def test_the_customer_the_list_and_search_are_pages(tomas: Page, lamp: int) -> None:
    tomas.goto(f"/conversations/{lamp}/")
    tomas.get_by_role("link", name="About the customer").click()
    expect(tomas.get_by_role("heading", name="Ida Berg")).to_be_visible()
    tomas.get_by_role("link", name="To the conversation").click()
    tomas.get_by_role("link", name="To the list").click()
    expect(tomas.locator(f"#row-{lamp}")).to_be_visible()
    tomas.goto("/search/?q=lamp")
    expect(tomas.get_by_role("searchbox")).to_have_value("lamp")
