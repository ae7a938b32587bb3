"""An agent before several chats at once, by keyboard alone; and a chat that goes to a colleague."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.axe import assert_accessible
from tests.browser.chatting import connect_chat
from tests.browser.conftest import PHONE, Sit
from tests.browser.shop import Shop
from tests.browser.sitting_there import Visitors, column, opened, picture

QUEUE, TAKING = re.compile("/chats/queue/"), "**/{}/taking/"
IN_ONE_BREATH = """(times) => {
  for (let press = 0; press < times; press++) {
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "t", bubbles: true }))
  }
}"""
"""Before any answer can come and take the focus, which a press of ours may on a busy machine."""


@pytest.fixture(scope="session")
def chat(shop: Shop) -> str:
    return connect_chat(shop, "https://shop.example")


@pytest.fixture
def visitors(request: pytest.FixtureRequest, shop: Shop, chat: str) -> Visitors:
    return Visitors(shop, chat, request.node.name.replace("[chromium]", "")[-16:]).alone()


def test_three_chats_by_keyboard_alone(sit: Sit, visitors: Visitors) -> None:
    ida = visitors.write("Ida Berg", "Is the brass lamp in stock?")
    karim = visitors.write("Karim Adl", "Do you ship to Norway?")
    lena = visitors.write("Lena Ott", "My code does not work.")
    page = opened(sit("nora"))
    expect(page.locator("#chat-queue")).to_contain_text("3 wait")
    expect(page.locator("#chat-queue count-down").first).to_have_text(re.compile(r"^\d+:\d\d"))
    for one in (ida, karim, lena):
        page.keyboard.press("t")
        expect(column(page, one).get_by_role("textbox")).to_be_focused()
        page.keyboard.press("Escape")
        expect(column(page, one)).to_be_focused()
    expect(page.locator("#chat-queue")).to_contain_text("Nobody waits in the chat")

    page.keyboard.press("1")
    page.keyboard.type("Yes, three of them.")
    page.keyboard.press("Enter")
    expect(column(page, ida).locator(".message--outgoing")).to_contain_text("Yes, three of them.")
    expect(column(page, ida).get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    page.keyboard.type("We do.")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("It takes five days.")
    page.keyboard.press("Enter")
    expect(column(page, karim).locator(".message--outgoing")).to_contain_text("five days")
    picture(page, "chats-wide")

    visitors.write("Lena Ott", "It says LAMP10 is over.", types=True)
    expect(column(page, lena).locator(".story")).to_contain_text("LAMP10 is over")
    expect(column(page, lena)).to_have_attribute("data-came", "")
    visitors.read("Ida Berg")
    expect(column(page, ida).locator(".story")).to_contain_text("read")
    assert_accessible(page)
    picture(page, "chats-wide-later")

    page.keyboard.press("Escape")
    side = column(page, karim)
    side.locator(".chat-column__form input[type=file]").set_input_files(
        {"name": "norway.txt", "mimeType": "text/plain", "buffer": b"Five days."}
    )
    expect(side.locator(".chat-column__form .file-tray .file")).to_contain_text("norway.txt")
    side.locator(".chat-column__note summary").click()
    note = side.get_by_role("textbox", name="Your note")
    note.press_sequentially("He asks every year. @tom")
    expect(side.get_by_role("option", name="Tomas Brandt")).to_be_visible()
    picture(page, "chats-mention")
    page.keyboard.press("Enter")
    expect(note).to_have_value("He asks every year. @Tomas Brandt ")
    side.locator(".chat-column__note input[type=file]").set_input_files(
        {"name": "last-year.txt", "mimeType": "text/plain", "buffer": b"Four days."}
    )
    expect(side.locator(".chat-column__note .file")).to_contain_text("last-year.txt")
    picture(page, "chats-note")
    side.get_by_role("button", name="Add note").click()
    expect(side.locator(".story .note")).to_contain_text("He asks every year. @Tomas Brandt")
    expect(side.locator(".story .note")).to_contain_text("last-year.txt")
    expect(side.locator(".chat-column__form .file-tray .file")).to_contain_text("norway.txt")
    assert_accessible(page)

    page.keyboard.press("Escape")
    page.keyboard.press("3")
    page.keyboard.type("It runs until midnight, I renewed it.")
    page.keyboard.press("Control+Shift+Enter")
    expect(column(page, lena)).to_have_count(0)
    assert visitors.stands(lena) == "resolved Nora Lindqvist"
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    page.keyboard.press("Escape")
    expect(column(page, ida)).to_be_focused()
    page.keyboard.press("e")
    expect(column(page, ida)).to_have_count(0)
    expect(column(page, karim)).to_be_visible()
    assert visitors.stands(ida) == "resolved Nora Lindqvist"
    assert visitors.stands(karim) == "open Nora Lindqvist"


def test_three_presses_in_one_breath_take_three(sit: Sit, visitors: Visitors) -> None:
    """A list that was asked for before the first was taken comes in the midst of it."""
    waiting = [visitors.write(name, "Is it in stock?") for name in ("Ida", "Karim", "Lena")]
    page = opened(sit("nora"))
    expect(page.locator("#chat-queue")).to_contain_text("3 wait")
    page.evaluate("document.getElementById('chat-queue').dispatchEvent(new CustomEvent('news'))")
    page.evaluate(IN_ONE_BREATH, len(waiting))
    for one in waiting:
        expect(column(page, one)).to_be_visible()
        assert visitors.stands(one) == "open Nora Lindqvist"
    expect(page.locator("#chat-queue")).to_contain_text("Nobody waits in the chat")


def test_the_next_press_is_for_who_is_not_being_taken_just_now(
    sit: Sit, visitors: Visitors
) -> None:
    """Ida's column brings a list along in which Karim, who is on his way, still waits."""
    ida, karim, lena = (visitors.write(name, "Is it there?") for name in ("Ida", "Karim", "Lena"))
    page = opened(sit("nora"))
    expect(page.locator("#chat-queue")).to_contain_text("3 wait")
    held: list[Route] = []
    page.route(TAKING.format(karim), lambda route: held.append(route))  # noqa: PLW0108  # the same
    with page.expect_request(TAKING.format(karim)):
        page.evaluate(IN_ONE_BREATH, 2)
    expect(column(page, ida).get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(column(page, ida)).to_be_focused()
    page.keyboard.press("t")
    expect(column(page, lena)).to_be_visible()
    held.pop().continue_()
    expect(column(page, karim)).to_be_visible()
    expect(page.locator("#chat-queue")).to_contain_text("Nobody waits in the chat")
    assert [visitors.stands(one) for one in (ida, karim, lena)] == ["open Nora Lindqvist"] * 3


def test_a_list_from_before_brings_nobody_back(sit: Sit, visitors: Visitors) -> None:
    ida, karim = (visitors.write(name, "Is it in stock?") for name in ("Ida", "Karim"))
    page = opened(sit("nora"))
    expect(page.locator("#chat-queue")).to_contain_text("2 wait")
    held: list[Route] = []
    page.route(QUEUE, lambda route: held.append(route))  # noqa: PLW0108  # it takes no builtin
    page.evaluate("document.getElementById('chat-queue').dispatchEvent(new CustomEvent('news'))")
    while_held = page.request.get("/chats/queue/").text()
    page.keyboard.press("t")
    expect(column(page, ida).get_by_role("textbox")).to_be_focused()
    expect(page.locator("#chat-queue")).to_contain_text("1 waits")
    assert "Ida" in while_held
    for route in held:
        route.fulfill(body=while_held, content_type="text/html")
    page.unroute(QUEUE)
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    expect(column(page, karim)).to_be_visible()
    expect(page.locator("#chat-queue")).to_contain_text("Nobody waits in the chat")


def test_a_chat_goes_to_a_colleague_and_opens_there(sit: Sit, visitors: Visitors) -> None:
    karim = visitors.write("Karim Adl", "What do you give to the trade?")
    nora, tomas = opened(sit("nora")), opened(sit("tomas"))
    nora.keyboard.press("t")
    expect(column(nora, karim).get_by_role("textbox")).to_be_focused()
    expect(tomas.locator("#chat-queue")).to_contain_text("Nobody waits in the chat")
    nora.keyboard.press("Escape")
    nora.keyboard.press("h")
    whom = nora.get_by_label("To whom")
    expect(whom).to_be_focused()
    assert "Tomas Brandt" in whom.locator("option:checked").inner_text(), "who is here comes first"
    nora.get_by_label("A word with it").fill("Trade prices are yours.")
    picture(nora, "chats-handing")
    nora.get_by_role("button", name="Hand over", exact=True).press("Enter")
    expect(column(nora, karim)).to_have_count(0)
    expect(nora.locator("#toasts")).to_contain_text("Tomas Brandt has it now.")
    expect(column(tomas, karim).locator(".note")).to_contain_text("Trade prices are yours.")
    tomas.keyboard.press("1")
    tomas.keyboard.type("Fifteen in the hundred.")
    tomas.keyboard.press("Enter")
    expect(column(tomas, karim).locator(".message--outgoing")).to_contain_text("Fifteen")
    assert visitors.stands(karim) == "open Tomas Brandt"


def test_on_a_phone_one_chat_at_a_time(sit: Sit, visitors: Visitors) -> None:
    ida = visitors.write("Ida Berg", "Is the brass lamp in stock?")
    karim = visitors.write("Karim Adl", "Do you ship to Norway?")
    page = opened(sit("nora", **PHONE))
    for one, name in ((ida, "Ida Berg"), (karim, "Karim Adl")):
        waiting = page.locator("#chat-queue li", has_text=name)
        waiting.get_by_role("button", name="Take").tap()
        expect(column(page, one)).to_be_visible()
    expect(column(page, ida)).to_be_hidden()
    page.locator("#chat-tabs").get_by_role("button", name="Ida Berg").tap()
    expect(column(page, ida)).to_be_visible()
    expect(column(page, karim)).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_accessible(page)
    picture(page, "chats-phone")


def test_the_page_of_a_chat_says_who_is_there(sit: Sit, visitors: Visitors) -> None:
    ida = visitors.write("Ida Berg", "Is the brass lamp in stock?")
    page = sit("nora")
    page.goto(f"/conversations/{ida}/")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    line = page.locator(f"#visitor-{ida}")
    expect(line).to_contain_text("here now")
    visitors.write("Ida Berg", "Hello?", types=True)
    expect(page.locator("#story")).to_contain_text("Hello?")
    expect(page.locator("#story read-mark")).to_have_count(0)  # it was in view for a moment
    expect(line.locator("[data-types]")).to_have_text("Ida Berg writes …")
    page.keyboard.press("r")
    page.keyboard.type("Yes, three of them.")
    page.keyboard.press("Enter")
    expect(page.locator("#story .message--outgoing")).to_contain_text("three of them")
    expect(page.get_by_role("textbox", name="Your answer")).to_be_focused()
    visitors.read("Ida Berg")
    expect(page.locator("#story .message--outgoing")).to_contain_text("read")
    assert_accessible(page)
    picture(page, "chat-page")
