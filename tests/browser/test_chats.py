"""An agent before several chats at once, by keyboard alone; and a chat that goes to a colleague."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.axe import assert_accessible
from tests.browser.chatting import connect_chat
from tests.browser.conftest import PHONE, Sit
from tests.browser.shop import Shop

WRITE = """
from makegood.channels.models import Inbox
from makegood.chat.actions import Said, admit, say
from makegood.chat.reading import Seen, see
visitor = admit(Inbox.objects.get(public_id={chat!r}), {secret!r})
said = Said(client_id={word!r}, text={words!r}, name={name!r})
page = {{"page_url": "https://shop.example/lamps/brass", "page_title": "Brass lamp, large"}}
message = say(visitor, said)
see(visitor, Seen(cart={{"Brass lamp": "2 × €84"}}, is_typing={types}, **page))
print(message.conversation_id)
"""
READ = """
from makegood.channels.models import Inbox
from makegood.chat.queries import said_to, visitor_with
from makegood.chat.reading import Seen, see
from django.utils import timezone
visitor = visitor_with(Inbox.objects.get(public_id={chat!r}), {secret!r}, timezone.now())
see(visitor, Seen(read=said_to(visitor)[-1].pk))
"""
STANDS = """
from makegood.conversations.models import Conversation
one = Conversation.objects.get(pk={pk})
print(one.status, one.assignee.name if one.assignee else "nobody")
"""


QUEUE = re.compile("/chats/queue/")
QUIET = """
from makegood.conversations.actions import resolve_conversation
from makegood.conversations.models import Conversation
from makegood.ledger.actors import System
for one in Conversation.objects.filter(inbox__kind="chat", status="open"):
    resolve_conversation(one, by=System("setup"))
"""


class Visitors:
    """Whoever writes in the shop's chat in one test."""

    def __init__(self, shop: Shop, chat: str, test: str) -> None:
        # Nobody is who wrote in another test, nor in this one's first run.
        self.shop, self.chat, self.test, self.said = shop, chat, f"{test}{uuid4().hex[:8]}", 0

    def write(self, name: str, words: str, *, types: bool = False) -> int:
        self.said += 1
        return int(
            self.shop.ask(
                WRITE.format(
                    chat=self.chat, secret=self.secret(name), words=words, types=types,
                    name=name, word=f"{self.test}-{self.said}".rjust(24, "w")[-40:],
                )
            )
        )  # fmt: skip

    def read(self, name: str) -> None:
        self.shop.ask(READ.format(chat=self.chat, secret=self.secret(name)))

    def secret(self, name: str) -> str:
        return f"{self.test}{name}".replace("_", "").replace(" ", "").ljust(43, "s")[-43:]

    def stands(self, conversation: int) -> str:
        return self.shop.ask(STANDS.format(pk=conversation))


@pytest.fixture(scope="session")
def chat(shop: Shop) -> str:
    return connect_chat(shop, "https://shop.example")


@pytest.fixture
def visitors(request: pytest.FixtureRequest, shop: Shop, chat: str) -> Visitors:
    shop.ask(QUIET)
    return Visitors(shop, chat, request.node.name.replace("[chromium]", "")[-16:])


def column(page: Page, conversation: int) -> Locator:
    return page.locator(f"#chat-{conversation}")


def opened(page: Page) -> Page:
    page.goto("/chats/")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    return page


def picture(page: Page, name: str) -> None:
    """Left for people to look at, where somebody asked for pictures."""
    if where := os.environ.get("MAKEGOOD_PICTURES"):
        page.screenshot(path=Path(where) / f"{name}.png")


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
    for _press in waiting:
        page.keyboard.press("t")
        page.evaluate("document.activeElement.blur()")
    for one in waiting:
        expect(column(page, one)).to_be_visible()
        assert visitors.stands(one) == "open Nora Lindqvist"
    expect(page.locator("#chat-queue")).to_contain_text("Nobody waits in the chat")


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


HEARS = """
from makegood.notices.kinds import USUAL
from makegood.notices.wishes import Wanted, change_wishes
from makegood.team.models import Agent
nora = Agent.objects.get(email="nora@lantern.example")
change_wishes(Wanted(ways={**USUAL, "chat_waits": ["page", "sound"]}), by=nora)
"""
AS_BEFORE = """
from makegood.notices.models import Wishes
Wishes.objects.filter(agent__email="nora@lantern.example").delete()
"""
LISTENS = """
window.heard = []
const make = AudioContext.prototype.createOscillator
AudioContext.prototype.createOscillator = function () {
  const tone = make.call(this)
  const start = tone.start.bind(tone)
  tone.start = (at) => { heard.push(tone.frequency.value); start(at) }
  return tone
}
"""


@pytest.fixture
def hears(visitors: Visitors) -> Iterator[None]:
    """Nora wants to hear it, for this test alone."""
    visitors.shop.ask(HEARS)
    yield
    visitors.shop.ask(AS_BEFORE)


@pytest.mark.usefixtures("hears")
def test_a_chat_that_waits_is_heard_once_in_one_of_several_pages(
    sit: Sit, visitors: Visitors
) -> None:
    page = sit("nora")
    page.context.grant_permissions(["notifications"])
    page.context.add_init_script(LISTENS)
    opened(page)
    other = page.context.new_page()
    opened(other)
    for one in (page, other):  # a page in which nobody clicked yet may not sound
        one.locator("#chat-queue").click()
    visitors.write("Ida Berg", "Is the brass lamp in stock?")
    expect(other.locator("#chat-queue")).to_contain_text("Ida Berg")
    expect(page.locator("#chat-queue")).to_contain_text("Ida Berg")
    for _look in range(200):
        notes = [page.evaluate("heard"), other.evaluate("heard")]
        if any(notes):
            break
        page.wait_for_timeout(50)
    assert sorted(len(one) for one in notes) == [0, 2], "two notes, in one page alone"
