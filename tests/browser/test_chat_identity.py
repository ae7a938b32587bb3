"""Who sits before the chat, by the shop's own word: signed in, in another browser, signed out."""

import itertools
import secrets
import time
from typing import Any

import jwt
import pytest
from playwright.sync_api import Page, expect

from tests.browser.chatting import answer, enter, field, launcher, message, said, say, write
from tests.browser.conftest import Forgive, Sit, Visit
from tests.browser.host_page import HostPage
from tests.browser.shop import Shop

KEY = """
from makegood.channels.models import Inbox
from makegood.chat.keys import make_key
from makegood.ledger.actors import System
print(make_key(Inbox.objects.get(public_id={shop!r}), by=System("setup")).reveal())
"""
NUMBERS = itertools.count()


class Server:
    """The shop's own server, which knows who is signed in there."""

    def __init__(self, shop: Shop, host: HostPage) -> None:
        self.aud, self.key = host.shop, shop.ask(KEY.format(shop=host.shop)).strip()

    def token(self, who: str, name: str) -> str:
        now = int(time.time())
        claims = {"aud": self.aud, "sub": who, "name": name, "iat": now, "exp": now + 240,
                  "jti": f"{secrets.token_hex(8)}-{next(NUMBERS)}"}  # fmt: skip
        return jwt.encode(claims, self.key, algorithm="HS256")


@pytest.fixture
def server(shop: Shop, host: HostPage) -> Server:
    return Server(shop, host)


def sign_in(page: Page, token: str) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("(token) => window.makegood.identify(token)", token)
    return found


def test_whom_the_shop_has_signed_finds_their_chat_in_another_browser(
    visit: Visit, shop: Shop, sit: Sit, server: Server
) -> None:
    word = secrets.token_hex(3)
    ida = visit()
    enter(ida)
    say(ida, f"Asked as a stranger {word}")
    told = sign_in(ida, server.token(f"ida-{word}", f"Ida {word}"))
    assert (told["is_verified"], told["is_other"]) == (True, False)
    expect(message(ida, f"Asked as a stranger {word}")).to_be_visible()
    say(ida, f"And signed in now {word}")
    answer(shop, f"And signed in now {word}", f"Good to know {word}.")
    expect(message(ida, f"Good to know {word}.")).to_be_visible()

    nora = sit("nora")
    nora.goto(f"/conversations/{conversation_of(shop, f'Asked as a stranger {word}')}/")
    expect(nora.locator("#customer-pane")).to_contain_text("The shop has signed who this is")
    expect(nora.locator("#customer-pane")).to_contain_text(f"Ida {word}")

    phone = visit()
    enter(phone)
    expect(message(phone, f"Good to know {word}.")).to_have_count(0)
    sign_in(phone, server.token(f"ida-{word}", f"Ida {word}"))
    expect(message(phone, f"Asked as a stranger {word}")).to_be_visible()
    answer(shop, f"And signed in now {word}", f"Heard in both {word}.")
    for browser in (ida, phone):
        expect(message(browser, f"Heard in both {word}.")).to_be_visible()


def test_whoever_signs_out_leaves_nothing_behind_in_any_tab(
    visit: Visit, shop: Shop, server: Server
) -> None:
    word = secrets.token_hex(3)
    ida = visit()
    sign_in(ida, server.token(f"ida-{word}", "Ida"))
    enter(ida)
    say(ida, f"Of my own matters {word}")
    field(ida).fill("Begun, and not sent")
    other = ida.context.new_page()
    other.goto(ida.url)
    enter(other)
    expect(message(other, f"Of my own matters {word}")).to_be_visible()

    assert sign_in(ida, "")["is_other"] is True
    for tab in (ida, other):
        expect(message(tab, f"Of my own matters {word}")).to_have_count(0)
    enter_again(ida)
    expect(field(ida)).to_have_value("")
    write(ida, f"Somebody else sits here {word}")
    expect(message(ida, f"Somebody else sits here {word}")).to_contain_text("Sent")
    assert said(shop, f"Somebody else sits here {word}") == [f"Somebody else sits here {word}"]
    assert said(shop, f"Of my own matters {word}") == [f"Of my own matters {word}"]


def test_a_stranger_is_told_nothing_by_a_word_that_was_not_signed(
    visit: Visit, shop: Shop, server: Server, forgive: Forgive
) -> None:
    word = secrets.token_hex(3)
    ida = visit()
    sign_in(ida, server.token(f"ida-{word}", "Ida"))
    enter(ida)
    say(ida, f"Between us {word}")
    server.key = "x" * 64
    thief = visit()
    forgive("status of 403 .*/identity/")
    refused = thief.evaluate(
        "(token) => window.makegood.identify(token).then(() => '', (trouble) => trouble.code)",
        server.token(f"ida-{word}", "Ida"),
    )
    assert refused
    enter(thief)
    expect(message(thief, f"Between us {word}")).to_have_count(0)


def conversation_of(shop: Shop, words: str) -> int:
    found = shop.ask(
        "from makegood.conversations.models import Message\n"
        f"print(Message.objects.filter(text={words!r}).latest('pk').conversation_id)"
    )
    return int(found)


def enter_again(page: Page) -> None:
    """Where the chat shows its first page now."""
    if not page.locator(".home").is_visible():
        launcher(page).click()
    page.locator(".home :is(.button, .card)").click()
    expect(field(page)).to_be_visible()
