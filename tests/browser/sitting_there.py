"""Visitors who write in the shop's chat while agents sit before it: what their stories share."""

import os
from pathlib import Path
from typing import Self
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

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

    def alone(self) -> Self:
        """Nobody else waits, and nobody else is open."""
        self.shop.ask(QUIET)
        return self

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
