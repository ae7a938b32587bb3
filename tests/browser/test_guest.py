"""A customer with a phone: writes by the form, confirms, follows, answers. Touch alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible, assert_fits
from tests.browser.conftest import PHONE, WIDE, Forgive, Sit
from tests.browser.post_office import PostOffice
from tests.browser.shop import Shop


@pytest.fixture
def address(shop: Shop) -> str:
    """Where the shop's form is."""
    word = shop.ask(
        "from makegood.channels.models import Inbox\n"
        "print(Inbox.objects.get(kind='web', name='Form').public_id)"
    )
    return f"/write/{word}/"


def fill_in(page: Page, address: str, subject: str) -> None:
    page.goto(address)
    page.get_by_label("Your e-mail address").fill("karim@example.com")
    page.get_by_label("Your name").fill("Karim Adl")
    page.get_by_label("What is it about?").fill(subject)
    page.get_by_label("Your message").fill("I was charged twice.")
    # Only machines are quicker than this; see portal/nonces.py.
    page.wait_for_timeout(3000)
    page.get_by_role("button", name="Send").tap()


def test_a_customer_writes_confirms_and_talks_with_an_agent(
    sit: Sit, shop: Shop, post_office: PostOffice, address: str
) -> None:
    karim, nora = sit(**PHONE), sit("nora")
    fill_in(karim, address, "Charged twice by phone")
    expect(karim.get_by_role("heading", name="We have your message")).to_be_visible()
    expect(karim.locator(".letter")).to_contain_text("I was charged twice.")
    assert_accessible(karim)
    assert_fits(karim)

    letter = shop.wait_for(lambda: post_office.letter_with("/c/"), "mail that asks")
    assert "charged" not in letter.as_string(), "a stranger's words never go to a stranger"
    karim.goto(_link_in(letter.get_body(("plain",)).get_content()))
    expect(karim.get_by_role("heading", name="Was it you who wrote to us?")).to_be_visible()
    expect(karim.locator("main")).not_to_contain_text("charged twice")
    assert_accessible(karim)
    assert_fits(karim)
    karim.get_by_role("button", name="Yes, this is my address").tap()
    expect(karim.locator(".letter")).to_contain_text("I was charged twice.")

    nora.goto(f"/conversations/{shop.conversation('Charged twice by phone')}/")
    nora.get_by_role("textbox", name="Your answer").fill("I am sorry. The second goes back today.")
    nora.keyboard.press("Control+Enter")
    expect(nora.locator("#story .message--outgoing")).to_contain_text("sent")
    answer = shop.wait_for(lambda: post_office.letter_with("goes back today"), "our answer")
    assert answer["To"] == "Karim Adl <karim@example.com>"

    karim.reload()
    expect(karim.locator(".letter--ours")).to_contain_text("The second goes back today.")
    assert_accessible(karim)
    assert_fits(karim)
    karim.get_by_label("Your message").fill("Thank you, that is kind.")
    karim.wait_for_timeout(3000)
    karim.get_by_role("button", name="Send").tap()
    expect(karim.locator(".letter").last).to_contain_text("Thank you, that is kind.")
    expect(nora.locator("#story")).to_contain_text("Thank you, that is kind.")


def _link_in(text: str) -> str:
    found = re.search(r"http://\S+/c/\S+/", text)
    assert found, text
    return found[0]


@pytest.mark.parametrize("look", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_form_is_for_everybody(
    sit: Sit, address: str, look: dict[str, object], forgive: Forgive
) -> None:
    page = sit(**look)
    forgive("422")
    for where in (address, f"{address}embedded/"):
        page.goto(where)
        expect(page.get_by_role("heading", name="How can we help?")).to_be_visible()
        assert_accessible(page)
        assert_fits(page)
        page.get_by_role("button", name="Send").click()
        expect(page.locator(".field__wrong").first).to_be_visible()
        assert_accessible(page)
        assert_fits(page)


def test_a_link_that_opens_nothing_says_so(sit: Sit, forgive: Forgive) -> None:
    page = sit(**PHONE)
    forgive("404")
    page.goto("/c/abcdefghijklmnopqrstuvwxyz/")
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
