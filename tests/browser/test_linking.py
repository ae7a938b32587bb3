"""Conversations are linked and joined by keyboard, from the conversation itself."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Sit
from tests.browser.shop import Shop


@pytest.fixture
def lamps(request: pytest.FixtureRequest, shop: Shop) -> list[int]:
    """Three matters of three customers."""
    found = []
    for name in ("one", "two", "three"):
        subject = f"Lamp {name} of {request.node.name}"
        sender = f"{name.title()} <{name}@example.com>"
        found.append(shop.conversation_about(subject, "Late.", sender=sender))
    return found


def find_and_tick(page: Page, number: int) -> None:
    page.get_by_role("searchbox", name="Join or link with").fill(f"#{number}")
    row = page.locator("#join-found label", has_text=f"#{number}")
    row.get_by_role("checkbox").check()


def test_two_are_linked_by_keyboard_and_unlinked(sit: Sit, lamps: list[int]) -> None:
    first, second, _third = lamps
    nora = sit("nora")
    nora.goto(f"/conversations/{first}/")
    expect(nora.get_by_text("Live", exact=True)).to_be_visible()
    nora.keyboard.press("m")
    expect(nora.get_by_role("searchbox", name="Join or link with")).to_be_focused()
    nora.keyboard.type(f"#{second}")
    expect(nora.locator("#join-found")).to_contain_text(f"#{second}")
    nora.keyboard.press("ArrowDown")
    nora.keyboard.press("Space")
    nora.locator("#join-sheet").get_by_role("button", name="Link").press("Enter")
    linked = nora.get_by_role("list", name="Linked")
    expect(linked).to_contain_text(f"#{second}")
    expect(linked).to_contain_text("open")
    expect(nora.locator("#story")).to_contain_text(f"Nora Lindqvist linked #{first} and #{second}")
    linked.get_by_role("link").click()
    nora.wait_for_url(f"**/conversations/{second}/*")
    expect(nora.get_by_role("list", name="Linked")).to_contain_text(f"#{first}")
    nora.get_by_role("button", name="Unlink").click()
    expect(nora.get_by_role("list", name="Linked")).to_have_count(0)


def test_several_are_joined_at_once_on_a_phone(sit: Sit, lamps: list[int]) -> None:
    first, second, third = lamps
    nora = sit("nora", **PHONE)
    nora.goto(f"/conversations/{third}/")
    expect(nora.locator("#follow")).to_be_visible()
    nora.get_by_title("Join or link").tap()
    for number in (first, second):
        find_and_tick(nora, number)
    assert nora.evaluate("document.documentElement.scrollWidth") <= 390
    nora.get_by_role("button", name="Join into one").tap()
    nora.wait_for_url(f"**/conversations/{first}/*")
    expect(nora.locator("#head")).to_contain_text(f"also #{second}, #{third}")


def test_a_saved_reply_comes_from_the_palette(sit: Sit, lamps: list[int], shop: Shop) -> None:
    name = f"Regrets by letter {lamps[0]}"
    shop.ask(
        "from makegood.macros.actions import ReplyWish, save_reply\n"
        "from makegood.team.models import Agent\n"
        "nora = Agent.objects.get(email='nora@lantern.example')\n"
        "texts = {'en': 'Sorry, {customer.first_name}.'}\n"
        f"wish = ReplyWish(name={name!r}, texts=texts, agent=nora)\n"
        "save_reply(None, wish, by=nora)"
    )
    nora = sit("nora")
    nora.goto(f"/conversations/{lamps[0]}/")
    field = nora.get_by_role("textbox", name="Your answer")
    field.fill("Hello! Bye.")
    field.evaluate("(area) => area.setSelectionRange(7, 7)")
    nora.keyboard.press("Control+k")
    nora.keyboard.type(name.lower())
    expect(nora.locator(".palette__option", has_text=name).first).to_be_visible()
    nora.keyboard.press("Enter")
    expect(field).to_have_value("Hello! Sorry, One.Bye.")
    expect(field).to_be_focused()
    nora.keyboard.press("Control+k")
    nora.keyboard.type("send later tomorrow")
    expect(nora.locator(".palette__option", has_text="tomorrow morning").first).to_be_visible()
    nora.keyboard.press("Enter")
    expect(nora.locator(".waits")).to_contain_text("Your answer leaves")
    expect(field).to_have_value("")
