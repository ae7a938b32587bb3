"""A shift on a phone, all with a thumb at 390 pixels: list, answer, assign, snooze."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import assert_fits
from tests.browser.conftest import PHONE, Sit
from tests.browser.shop import Shop

THUMB = 44


@pytest.fixture
def nora(sit: Sit) -> Page:
    return sit("nora", **PHONE)


def tap(page: Page, target: Locator) -> None:
    """As a thumb does: what is hit must be large enough, and nothing may lie over it."""
    expect(target).to_be_visible()
    box = target.bounding_box()
    assert box is not None
    assert max(box["height"], box["width"]) >= THUMB - 1, (box, target)
    target.tap()
    assert_fits(page)


def test_a_shift_with_a_thumb(nora: Page, shop: Shop) -> None:
    lamp = shop.conversation_about("Lamp of the phone shift")
    nora.goto("/inbox/waiting/")
    tap(nora, nora.locator(f"#row-{lamp}"))
    expect(nora.get_by_role("heading", name="Lamp of the phone shift")).to_be_visible()

    head = nora.locator("#head")
    tap(nora, head.locator("summary", has_text="Assign"))
    tap(nora, head.get_by_role("button", name="Me", exact=False).first)
    expect(head.locator("summary").first).to_contain_text("Nora Lindqvist")

    words = nora.get_by_role("textbox", name="Your answer")
    words.tap()
    nora.keyboard.type("It left today, dear Ida.")
    assert_fits(nora)
    nora.get_by_role("button", name="Send").first.tap()
    expect(nora.locator("#story .message--outgoing")).to_contain_text("It left today")

    tap(nora, head.locator("summary[title=Snooze]"))
    tap(nora, head.get_by_role("button", name="In three hours"))
    expect(head).to_contain_text("snoozed until")

    tap(nora, head.get_by_role("link", name="Back to the list"))
    expect(nora.get_by_role("heading", name="Waiting")).to_be_visible()
    tap(nora, nora.get_by_role("link", name="Mine"))
    nora.wait_for_url("**/inbox/mine/")
