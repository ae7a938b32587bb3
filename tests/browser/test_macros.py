"""Saved replies and macros by keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.shop import Shop

KEPT = """
from makegood.macros.actions import MacroWish, ReplyWish, save_macro, save_reply
from makegood.macros.models import SavedReply
from makegood.team.models import Agent
olga = Agent.objects.get(name__startswith="Olga")
if not SavedReply.objects.filter(name="Late lamp").exists():
    late = {"en": "Dear {customer.first_name|there}, it is late. Yours {agent.first_name}"}
    save_reply(None, ReplyWish(name="Late lamp", shortcut="late", texts=late), by=olga)
    more = {"en": "Thank you, {customer.first_name}."}
    save_reply(None, ReplyWish(name="Thanks", shortcut="thanks", texts=more), by=olga)
    acts = [("assign", "me"), ("tag", "carrier"), ("snooze", "1d")]
    save_macro(None, MacroWish(name="Ask the carrier", acts=acts), by=olga)
"""


@pytest.fixture
def nora(request: pytest.FixtureRequest, sit: Sit, shop: Shop) -> Page:
    lamp = shop.conversation_about(f"Lamp of {request.node.name}")
    shop.ask(KEPT)
    page = sit("nora")
    page.goto(f"/conversations/{lamp}/")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    return page


def test_a_slash_finds_a_saved_reply_and_enter_puts_it_in(nora: Page) -> None:
    nora.keyboard.press("r")
    words = nora.get_by_role("textbox", name="Your answer")
    expect(words).to_be_focused()
    nora.keyboard.type("Hello! /tha")
    options = nora.get_by_role("listbox", name="Saved replies").get_by_role("option")
    expect(options).to_have_count(1)
    for _letter in "tha":
        nora.keyboard.press("Backspace")
    for name in ("Late lamp", "Thanks"):
        expect(options.filter(has_text=name)).to_have_count(1)
    nora.keyboard.type("late l")
    expect(options).to_have_count(1)
    expect(options.first).to_have_attribute("aria-selected", "true")
    nora.keyboard.press("Enter")
    expect(words).to_have_value("Hello! Dear Ida, it is late. Yours Nora")
    expect(nora.locator(".composer__form--reply output")).to_have_text("Draft saved")
    expect(words).to_be_focused()
    expect(options).to_have_count(0)
    nora.keyboard.press("Control+Enter")
    expect(nora.locator("#story .message--outgoing")).to_contain_text("Dear Ida, it is late.")


def test_a_slash_in_a_sentence_is_only_a_slash(nora: Page) -> None:
    nora.keyboard.press("r")
    words = nora.get_by_role("textbox", name="Your answer")
    nora.keyboard.type("either/or and /unheard of things")
    nora.keyboard.press("Enter")
    expect(words).to_have_value("either/or and /unheard of things\n")
    nora.keyboard.type("/late")
    options = nora.locator("#saved-replies").get_by_role("option")
    expect(options.first).to_be_visible()
    nora.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(words).to_be_focused()
    words.fill("")


def test_a_macro_is_opened_looked_at_and_run_by_keys(nora: Page) -> None:
    nora.keyboard.press("d")
    expect(nora.get_by_role("link", name="Ask the carrier")).to_be_focused()
    nora.keyboard.press("Enter")
    run = nora.get_by_role("button", name="Do it")
    expect(run).to_be_focused()
    expect(nora.locator(".macro__steps")).to_contain_text("Put on the tag carrier")
    nora.keyboard.press("Enter")
    expect(nora.locator("#head")).to_contain_text("carrier")
    expect(nora.locator("#head")).to_contain_text("snoozed until")
    expect(nora.locator("#story")).to_contain_text("ran the macro “Ask the carrier”")
