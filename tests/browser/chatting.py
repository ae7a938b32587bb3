"""Visitors who chat, and the shop that answers them: what the stories of the chat share."""

import json
import re
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.shop import Shop

OPEN_ROOTS = """
const attach = Element.prototype.attachShadow
Element.prototype.attachShadow = function (how) { return attach.call(this, {...how, mode: "open"}) }
"""
"""The chat's inside is closed to the page; a test has to look in."""

CONNECT = """
from makegood.calendars.actions import Wish, save_calendar
from makegood.calendars.hours import Shift
from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.channels.models import Inbox
from makegood.ledger.actors import System
from makegood.team.models import Agent, Team
wanted = InboxSettings(
    name="Chat", kind="chat", mail_inbox=Inbox.objects.get(address="hello@lantern.example"),
    settings={{"embedded_in": [{origin!r}], "chat": {chat!r}}},
)
team, owner = Team.objects.get(name="Front"), Agent.objects.filter(role="owner").first()
chat = connect_inbox(wanted, teams=[team], by=System("setup"))
# Day and night: whether somebody sits at the desk just then changes no story that is not of that.
name, week = "Chat " + chat.ref, [(Shift(0, 1440),)] * 7
save_calendar(None, Wish(name=name, zone="Europe/Berlin", week=week, whose=[chat.ref]), by=owner)
print(chat.public_id)
"""
CHAT = {"theme": {"colour": "#b4552d"}, "team": [{"name": "Nora Lindqvist", "initials": "NL"}]}
ANSWER = """
from makegood.conversations.models import Message
from makegood.conversations.replying import Reply, reply_to
from makegood.team.models import Agent
said = Message.objects.filter(text={about!r}).latest("pk")
nora = Agent.objects.get(name="Nora Lindqvist")
reply_to(said.conversation, Reply(text={words!r}), by=nora)
"""
SAID = """
import json
from makegood.conversations.models import Message
conversation = Message.objects.filter(text={about!r}).latest("pk").conversation
said = Message.objects.filter(conversation=conversation).order_by("pk")
print(json.dumps([one.text for one in said]))
"""
HAS_IT = re.compile(r"\d\d:\d\d · (Sent|Seen|Gesendet|Gelesen)$")


def connect_chat(shop: Shop, origin: str) -> str:
    """A chat for the pages of this origin; its public name."""
    return shop.ask(CONNECT.format(origin=origin, chat=CHAT)).strip()


def visitor_context(chromium: Browser, **options: Any) -> BrowserContext:
    wanted = {"locale": "en-GB", "timezone_id": "Europe/Berlin", **options}
    context = chromium.new_context(**wanted)
    context.set_default_timeout(30_000)
    context.add_init_script(OPEN_ROOTS)
    return context


def launcher(page: Page) -> Locator:
    return page.locator("button.launcher")


def enter(page: Page) -> None:
    """Open the chat, and go to where one writes."""
    launcher(page).click()
    page.locator(".home :is(.button, .card)").click()
    expect(field(page)).to_be_visible()


def field(page: Page) -> Locator:
    return page.locator(".composer__field")


def write(page: Page, words: str) -> None:
    field(page).fill(words)
    field(page).press("Enter")


def message(page: Page, words: str) -> Locator:
    return page.locator(".message", has_text=words)


def say(page: Page, words: str) -> None:
    """Write, and wait until the desk has it: the newest of one's own says so."""
    write(page, words)
    expect(message(page, words).locator(".message__foot")).to_contain_text(HAS_IT)


def answer(shop: Shop, about: str, words: str) -> None:
    """Nora answers in the conversation in which this was said."""
    shop.ask(ANSWER.format(about=about, words=words))


def said(shop: Shop, about: str) -> list[str]:
    """All that stands in the conversation in which this was said, in its order."""
    found: list[str] = json.loads(shop.ask(SAID.format(about=about)))
    return found
