"""The end of a chat: what was written is seen, the visitor ends it, and says once how it was."""

import re

from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible, assert_fits
from tests.browser.chatting import answer, enter, field, message, say
from tests.browser.conftest import PHONE, Sit, Visit
from tests.browser.shop import Shop

SETTLE = """
from makegood.conversations.actions import resolve_conversation
from makegood.conversations.models import Message
from makegood.ledger.actors import System
said = Message.objects.filter(text={about!r}).latest("pk")
resolve_conversation(said.conversation, by=System("setup"))
"""
WHERE = """
from makegood.conversations.models import Message
print(Message.objects.filter(text={about!r}).latest("pk").conversation_id)
"""


def over(page: Page) -> None:
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="End the chat").click()
    page.get_by_role("button", name="End the chat").click()


def test_what_an_agent_has_before_them_is_seen(visit: Visit, sit: Sit, shop: Shop) -> None:
    ida, nora = visit(), sit("nora")
    enter(ida)
    say(ida, "Is the shade of it linen?")
    foot = message(ida, "Is the shade of it linen?").locator(".message__foot")
    expect(foot).to_have_text(re.compile("Sent$"))
    nora.goto(f"/conversations/{shop.ask(WHERE.format(about='Is the shade of it linen?'))}/")
    expect(foot).to_have_text(re.compile("Seen$"))
    say(ida, "And is it washable?")
    expect(message(ida, "And is it washable?").locator(".message__foot")).to_have_text(
        re.compile("Seen$")
    )


def test_a_visitor_ends_the_chat_and_says_how_it_was(visit: Visit, shop: Shop) -> None:
    ida = visit()
    enter(ida)
    say(ida, "Does the tall lamp fold?")
    answer(shop, "Does the tall lamp fold?", "It does, twice.")
    expect(message(ida, "It does, twice.")).to_be_visible()
    over(ida)
    asked = ida.get_by_role("group", name="How was this chat?")
    expect(asked).to_be_visible()
    assert_accessible(ida)
    asked.get_by_text("Good").click()
    ida.get_by_role("textbox", name="A word about it").fill("Quick and kind.")
    assert_fits(ida)
    ida.get_by_role("textbox", name="A word about it").press("Enter")
    expect(ida.get_by_text("Thank you. We read it.")).to_be_visible()
    ida.reload()
    enter(ida)
    expect(ida.get_by_text("This conversation is settled.")).to_be_visible()
    expect(asked).to_have_count(0)


def test_who_does_not_want_to_say_is_not_asked_again(visit: Visit, shop: Shop) -> None:
    ida = visit(**PHONE)
    enter(ida)
    say(ida, "Which bulb does the small one take?")
    answer(shop, "Which bulb does the small one take?", "An E14.")
    expect(message(ida, "An E14.")).to_be_visible()
    shop.ask(SETTLE.format(about="Which bulb does the small one take?"))
    asked = ida.get_by_role("group", name="How was this chat?")
    expect(asked).to_be_visible()
    assert_fits(ida)
    ida.get_by_role("button", name="No, thanks").click()
    expect(asked).to_have_count(0)
    ida.reload()
    enter(ida)
    expect(ida.get_by_text("This conversation is settled.")).to_be_visible()
    expect(asked).to_have_count(0)
    expect(field(ida)).to_be_visible()
