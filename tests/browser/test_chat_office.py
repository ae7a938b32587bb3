"""An owner sets up the chat, and sees beside the form what they change."""

import os
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible, assert_fits
from tests.browser.chatting import OPEN_ROOTS, connect_chat, launcher
from tests.browser.conftest import PHONE, Sit
from tests.browser.shop import Shop

NUMBER = """
from makegood.channels.models import Inbox
print(Inbox.objects.get(public_id={chat!r}).pk)
"""


def settings_of_a_chat(page: Page, shop: Shop) -> None:
    chat = connect_chat(shop, "https://settings.example")
    page.context.add_init_script(OPEN_ROOTS)
    page.goto(f"/office/inboxes/{shop.ask(NUMBER.format(chat=chat)).strip()}/")


def picture(page: Page, name: str) -> None:
    """Left for people to look at, where somebody asked for pictures."""
    if where := os.environ.get("MAKEGOOD_PICTURES"):
        page.screenshot(path=Path(where) / f"{name}.png")


def test_what_is_typed_shows_in_the_corner_at_once(sit: Sit, shop: Shop) -> None:
    olga = sit("olga")
    settings_of_a_chat(olga, shop)
    expect(launcher(olga)).to_be_visible()
    launcher(olga).click()
    olga.get_by_role("textbox", name="Greeting (English)").fill("Good day, how are your lamps?")
    expect(olga.locator(".home__greeting")).to_have_text("Good day, how are your lamps?")
    olga.get_by_label("Where the button stands").select_option("start")
    expect(olga.locator(".frame")).to_have_attribute("data-position", "start")
    olga.get_by_label("Colour").fill("#112233")
    expect(launcher(olga)).to_have_css("background-color", re.compile(r"17, ?34, ?51"))
    assert_accessible(olga)
    picture(olga, "settings-wide")


def test_the_settings_fit_a_phone_with_the_chat_in_their_corner(sit: Sit, shop: Shop) -> None:
    olga = sit("olga", **PHONE)
    settings_of_a_chat(olga, shop)
    expect(launcher(olga)).to_be_visible()
    assert_fits(olga)
    picture(olga, "settings-phone")
