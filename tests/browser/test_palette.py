"""The palette: a few letters lead anywhere and do anything, by key and by ear."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import assert_accessible
from tests.browser.conftest import Sit
from tests.browser.shop import Shop

FIELD = "Go anywhere, do anything"


@pytest.fixture
def lamp(request: pytest.FixtureRequest, shop: Shop) -> int:
    return shop.conversation_about(f"Lamp of {request.node.name}")


@pytest.fixture
def nora(sit: Sit, lamp: int) -> Page:
    page = sit("nora")
    page.goto(f"/conversations/{lamp}/")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    return page


def opened(page: Page) -> Locator:
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name=FIELD)
    expect(field).to_be_focused()
    expect(page.locator(".palette__option").nth(5)).to_be_visible()
    return field


def chosen(page: Page) -> Locator:
    return page.locator(".palette [aria-selected=true]")


def test_an_act_is_found_by_its_beginning_and_done(nora: Page) -> None:
    field = opened(nora)
    nora.keyboard.type("priority: u")
    expect(chosen(nora)).to_contain_text("urgent")
    expect(field).to_have_attribute("aria-activedescendant", "palette-0")
    nora.keyboard.press("Enter")
    expect(nora.locator(".palette")).to_be_hidden()
    expect(nora.locator("#story")).to_contain_text("from normal to urgent")


def test_initials_find_somebody_to_assign_to(nora: Page) -> None:
    opened(nora)
    nora.keyboard.type("atb")
    expect(chosen(nora)).to_contain_text("Assign: Tomas Brandt")
    nora.keyboard.press("Enter")
    expect(nora.locator("#head")).to_contain_text("Tomas Brandt")


def test_a_command_presses_what_the_page_shows(nora: Page) -> None:
    opened(nora)
    nora.keyboard.type("note to")
    nora.keyboard.press("Enter")
    expect(nora.get_by_role("textbox", name="Your note")).to_be_focused()


def test_what_was_done_last_stands_first(nora: Page) -> None:
    opened(nora)
    nora.keyboard.type("snoozed")
    nora.keyboard.press("Enter")
    nora.wait_for_url("**/inbox/snoozed/")
    opened(nora)
    expect(nora.locator(".palette__option").first).to_contain_text("Snoozed")


def test_people_and_numbers_are_looked_up(nora: Page, lamp: int) -> None:
    opened(nora)
    nora.keyboard.type("ida b")
    expect(nora.locator(".palette__option", has_text="Ida Berg").first).to_be_visible()
    nora.keyboard.press("Control+a")
    nora.keyboard.type(f"#{lamp}")
    expect(chosen(nora)).to_contain_text("Lamp of")
    nora.keyboard.press("Enter")
    nora.wait_for_url(f"**/conversations/{lamp}/")


def test_escape_gives_focus_back(nora: Page) -> None:
    nora.get_by_role("button", name="Resolve").focus()
    opened(nora)
    nora.keyboard.press("Escape")
    expect(nora.get_by_role("button", name="Resolve")).to_be_focused()


def test_it_says_how_much_was_found_once_the_typing_rests(nora: Page) -> None:
    opened(nora)
    nora.keyboard.type("zzqq")
    heard = nora.locator(".palette [role=status]")
    expect(heard).to_have_text("2 found")  # to search for it is always offered
    assert_accessible(nora)
