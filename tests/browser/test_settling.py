"""How urgent, spam, until when, and whose: by keys, beside a list, and with a thumb."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible
from tests.browser.conftest import PHONE, Sit
from tests.browser.shop import Shop


@pytest.fixture
def matter(request: pytest.FixtureRequest, shop: Shop) -> int:
    return shop.conversation_about(f"Settling {request.node.name}")


@pytest.fixture
def nora(sit: Sit, matter: int) -> Page:
    page = sit("nora")
    page.goto(f"/conversations/{matter}/?view=unassigned")
    expect(page.locator(f"#row-{matter}")).to_be_visible()
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_by_keys_it_is_taken_made_urgent_put_aside_and_called_spam(nora: Page, matter: int) -> None:
    head = nora.locator("#head")
    expect(nora.get_by_text("Nobody owns this.")).to_be_visible()
    press(nora, "i")
    expect(nora.get_by_text("Nobody owns this.")).to_have_count(0)
    expect(head.get_by_title("Nora Lindqvist")).to_be_visible()
    press(nora, "p")
    expect(nora.get_by_role("button", name="normal")).to_be_focused()
    nora.get_by_role("button", name="urgent").click()
    expect(head.locator(".state--broken", has_text="urgent")).to_be_visible()
    press(nora, "s")
    expect(nora.get_by_role("button", name="Until they answer")).to_be_visible()
    nora.get_by_role("button", name="Until they answer").click()
    expect(head).to_contain_text("snoozed until they write")
    press(nora, "e")
    expect(head).not_to_contain_text("snoozed")
    press(nora, "#")
    expect(head.get_by_role("button", name="Not spam")).to_be_visible()
    expect(nora.locator(f"#row-{matter}")).to_have_count(0)
    press(nora, "#")
    expect(head.get_by_role("button", name="Resolve")).to_be_visible()
    assert_accessible(nora)


def test_while_rows_are_chosen_keys_are_theirs_and_not_those_of_what_is_open(
    nora: Page, matter: int, shop: Shop
) -> None:
    other = shop.conversation_about("Chosen beside what is open")
    expect(nora.locator(f"#row-{other}")).to_be_visible()
    nora.locator(f"#row-{other}").focus()
    press(nora, "x", "e")
    nora.wait_for_url("**?did=*")
    stand = (
        "from makegood.conversations.models import Conversation as C\n"
        f"print(C.objects.get(pk={matter}).status, C.objects.get(pk={other}).status)"
    )
    assert shop.ask(stand) == "open resolved"


def test_with_a_thumb_it_is_put_aside_until_another_matter_is_settled(
    sit: Sit, matter: int, shop: Shop
) -> None:
    other = shop.conversation_about("Waited for")
    page = sit("nora", **PHONE)
    page.goto(f"/conversations/{matter}/")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, f"{width} wide"
    page.locator("#rest-menu").get_by_title("Snooze").click()
    page.get_by_label("Or until this conversation is settled").fill(f"#{other}")
    page.locator("#rest-sheet").get_by_role("button", name="Snooze").click()
    expect(page.locator("#head")).to_contain_text(f"snoozed until #{other} is settled")
