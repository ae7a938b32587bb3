"""Two matters are made one, and a week later two again: what came since goes where it belongs."""

import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.shop import Mail, Shop

FIRST, SECOND = "Ada Holm <ada@holm.example>", "Office of Holm <office@holm.example>"
A_WEEK_GOES_BY = """
from datetime import timedelta
from django.db.models import F
from makegood.conversations.models import Conversation, Join, Message
week = timedelta(days=7)
Join.objects.filter(conversation={second}).update(at=F("at") - week)
Message.objects.filter(conversation__in=({first}, {second})).update(at=F("at") - week)
print(Join.objects.filter(conversation={second}).count())
"""


@pytest.fixture
def nora(sit: Sit) -> Page:
    return sit("nora")


def opened(page: Page, conversation: int) -> None:
    page.goto(f"/conversations/{conversation}/")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()


def begun(page: Page, shop: Shop, sender: str, matter: str) -> tuple[int, Mail]:
    """A customer writes and is answered: the conversation, and how they write on."""
    subject = f"{matter} {secrets.token_hex(3)}"  # each time another: it may run again
    shop.mail(Mail(text=f"About the {matter}.", subject=subject, sender=sender))
    number = shop.conversation(subject)
    opened(page, number)
    page.get_by_role("textbox", name="Your answer").fill(f"We look into the {matter}.")
    page.get_by_role("textbox", name="Your answer").press("Control+Enter")
    expect(page.locator("#story .message--outgoing .state", has_text="sent")).to_be_visible()
    expect(page.locator("#story")).to_contain_text("Nora Lindqvist took this")
    expect(page.get_by_role("textbox", name="Your answer")).to_have_value("")
    (queued,) = shop.outbox(number)
    return number, Mail(text="", subject=f"Re: {subject}", sender=sender, to=queued["reply_to"])


def test_a_merge_is_undone_a_week_later(nora: Page, shop: Shop) -> None:
    first, by_ada = begun(nora, shop, FIRST, "copper lamp")
    second, by_office = begun(nora, shop, SECOND, "copper invoice")
    story, head = nora.locator("#story"), nora.locator("#head")
    nora.keyboard.press("Escape")
    nora.keyboard.press("m")
    nora.locator("#join-words").press_sequentially(f"#{first}")
    expect(nora.locator("#join-found [name=pick]")).to_have_count(1)
    nora.locator(f"#join-found [value='{first}']").check()
    nora.get_by_role("button", name="Join into one").click()
    expect(head).to_contain_text(f"also #{second}")
    for words in ("About the copper lamp.", "About the copper invoice."):
        expect(story).to_contain_text(words)

    assert shop.ask(A_WEEK_GOES_BY.format(first=first, second=second)) == "1"
    shop.mail(
        written(by_ada, "Ada, a week later."), written(by_office, "The office, a week later.")
    )
    for words in ("Ada, a week later.", "The office, a week later."):
        expect(story).to_contain_text(words)
    opened(nora, second)
    nora.wait_for_url(f"**/conversations/{first}/*")
    expect(head).to_contain_text(f"also #{second}")

    nora.get_by_role("button", name="Take out").click()
    nora.wait_for_url(f"**/conversations/{second}/*")
    expect(nora.get_by_role("heading", name="copper invoice")).to_be_visible()
    expect_to_say(nora, "The office, a week later.", "Ada, a week later.")
    opened(nora, first)
    expect_to_say(nora, "Ada, a week later.", "The office, a week later.")

    shop.mail(written(by_ada, "Ada, once more."), written(by_office, "The office, once more."))
    expect_to_say(nora, "Ada, once more.", "The office, once more.")
    opened(nora, second)
    expect_to_say(nora, "The office, once more.", "Ada, once more.")


def written(mail: Mail, text: str) -> Mail:
    return Mail(text=text, subject=mail.subject, sender=mail.sender, to=mail.to)


def expect_to_say(page: Page, words: str, others: str) -> None:
    expect(page.locator("#story")).to_contain_text(words)
    expect(page.locator("#story")).not_to_contain_text(others)
