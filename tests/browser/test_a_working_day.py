"""A working day by keyboard alone: forty acts, counted, and the pointer never touched."""

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.shop import Shop

WANTED = 40


@dataclass
class Day:
    """Nora at her keyboard. Every act ends in something seen, and is counted then."""

    page: Page
    shop: Shop
    done: list[str] = field(default_factory=list)

    def act(self, what: str, *keys: str, sees: str = "", where: str = "#head") -> None:
        for key in keys:
            if len(key) > 1 and key[0] == "=":
                self.page.keyboard.type(key[1:])
            else:
                self.page.keyboard.press(key)
        if sees:
            expect(self.page.locator(where).first).to_contain_text(sees)
        self.done.append(what)

    def palette(self, what: str, typed: str, *, sees: str, where: str = "#head") -> None:
        self.page.keyboard.press("Control+k")
        expect(self.page.locator(".palette__option").nth(3)).to_be_visible()
        self.page.keyboard.type(typed)
        expect(self.page.locator(".palette [aria-selected=true]")).to_be_visible()
        self.act(what, "Enter", sees=sees, where=where)

    def goes_to(self, what: str, keys: str, address: str) -> None:
        for key in keys.split():
            self.page.keyboard.press(key)
        self.page.wait_for_url(f"**{address}")
        self.done.append(what)

    def opens(self, conversation: int) -> None:
        self.page.keyboard.press("Control+k")
        self.page.keyboard.type(f"#{conversation}")
        expect(self.page.locator(".palette [aria-selected=true]")).to_contain_text("A day")
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"**/conversations/{conversation}/")
        expect(self.page.get_by_text("Live", exact=True)).to_be_visible()
        self.done.append("open it by its number")


@pytest.fixture
def day(sit: Sit, shop: Shop) -> Day:
    page = sit("nora")
    page.goto("/inbox/waiting/")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    return Day(page, shop)


def settles_one(day: Day, number: int) -> None:
    """Ten acts on one conversation, from reading it to settling it."""
    page = day.page
    day.opens(day.shop.conversation_about(f"A day’s matter {number}"))
    day.act("take it", "a", "Enter")
    expect(page.locator("#head summary").first).to_contain_text("Nora Lindqvist")
    day.act("tag it", "t", f"=day-{number}", "Enter", sees=f"day-{number}")
    day.palette("make it urgent", "priority: urg", sees="to urgent", where="#story")
    day.act("note it", "n", "=She is upset.", "Control+Enter", sees="upset", where="#story .note")
    page.keyboard.press("Escape")
    day.act("answer", "r", "=It left today.", "Control+Enter")
    expect(page.locator("#story .message--outgoing").first).to_contain_text("It left today.")
    page.keyboard.press("Escape")
    day.palette("snooze it", "snooze: one", sees="snoozed until")
    day.palette("give it to Tomas", "assign: tom", sees="Tomas Brandt")
    day.act("resolve it", "e", sees="resolved")
    day.act("open it again", "e", sees="Resolve")


def test_forty_acts_without_a_pointer(day: Day) -> None:
    page = day.page
    page.evaluate("addEventListener('pointerdown', () => (window.pointed = true))")
    for number in range(3):
        settles_one(day, number)
    day.goes_to("look at mine", "g m", "/inbox/mine/")
    day.goes_to("look at who waits", "g w", "/inbox/waiting/")
    day.goes_to("look at all open", "g a", "/inbox/open/")
    day.act("go down the list", "j")
    expect(page.locator("[data-row]:focus")).to_be_visible()
    day.act("choose a row", "x", sees="1", where="[data-picked]")
    day.act("choose nothing again", "Escape")
    day.goes_to("look at customers", "g c", "/customers/")
    day.goes_to("search", "g s", "/search/")
    page.keyboard.type("matter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=matter*")
    day.done.append("ask for a word")
    page.keyboard.press("Escape")
    day.act("read every key", "?", sees="In a conversation", where="#keys")
    page.keyboard.press("Escape")
    day.goes_to("open my own page", "g y", "/me/")
    assert len(day.done) >= WANTED, day.done
    assert not page.evaluate("window.pointed === true")
