"""The story of the README: a mail comes in, it is answered, the answer to that comes back."""

from email.message import EmailMessage
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.post_office import PostOffice
from tests.browser.shop import Mail, Shop

HAS_FOCUS = "row => row === document.activeElement"
MORE_PRESSES = 20
"""One for each row is enough where none comes or goes meanwhile."""


def leave_a_mark(page: Page) -> None:
    """Something that a reload would wipe away."""
    page.evaluate("window.stillHere = true")


def assert_never_reloaded(page: Page) -> None:
    assert page.evaluate("window.stillHere === true"), "the page was loaded again"


def test_a_mail_is_answered_by_keyboard_alone_and_the_answer_comes_back(
    sit: Sit, shop: Shop, post_office: PostOffice
) -> None:
    subject = f"The brass lamp, {uuid4().hex[:6]}"  # nobody wrote of it before
    nora = sit("nora")
    nora.goto("/inbox/waiting/")
    leave_a_mark(nora)
    expect(nora.get_by_text("Live", exact=True)).to_be_visible()

    shop.mail(Mail(text="Where is it?\n\nIt was due on Friday.", subject=subject))
    row = nora.get_by_role("link", name=subject)
    expect(row).to_be_visible()

    for _press in range(nora.locator("[data-row]").count() + MORE_PRESSES):
        if row.evaluate(HAS_FOCUS):
            break
        nora.keyboard.press("j")
    assert row.evaluate(HAS_FOCUS)
    nora.keyboard.press("Enter")
    expect(nora.get_by_role("heading", name=subject)).to_be_visible()
    expect(nora.locator("#story")).to_contain_text("It was due on Friday.")

    nora.keyboard.press("r")
    nora.keyboard.type(f"Dear Ida, it left on Friday and arrives tomorrow. {subject}")
    nora.keyboard.press("Control+Enter")
    expect(nora.locator("#story .message--outgoing")).to_contain_text("arrives tomorrow")
    expect(nora.get_by_role("textbox", name="Your answer")).to_have_value("")

    conversation = shop.conversation(subject)
    (queued,) = shop.outbox(conversation)
    assert queued["to"][0]["address"] == "ida@example.com"
    assert queued["text"].startswith("Dear Ida, it left on Friday")

    letter = shop.wait_for(lambda: post_office.letter_with(f"tomorrow. {subject}"), "letter")
    expect(nora.locator("#story .message--outgoing")).to_contain_text("sent")
    answer_to(shop, letter, "It is here! Thank you.")
    expect(nora.locator("#story")).to_contain_text("It is here! Thank you.")
    expect(nora.locator("#story .message--incoming")).to_have_count(2)
    assert_never_reloaded(nora)


def answer_to(
    shop: Shop, letter: EmailMessage, words: str, sender: str = "Ida Berg <ida@example.com>"
) -> None:
    """The customer answers our mail as their program does: to its Reply-To, naming its id."""
    message_id = letter["Message-ID"]
    shop.mail(
        Mail(
            text=words,
            sender=sender,
            subject=letter["Subject"],
            to=letter["Reply-To"],
            headers={"In-Reply-To": message_id, "References": message_id},
        )
    )
