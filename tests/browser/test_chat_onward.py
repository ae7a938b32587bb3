"""The buyer's story: asks, closes the page, gets the mail, answers by mail, and is resolved."""

import re
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible
from tests.browser.chatting import enter, message, said, say
from tests.browser.conftest import PHONE, Sit, Visit
from tests.browser.post_office import PostOffice
from tests.browser.shop import Shop
from tests.browser.test_story import answer_to

QUESTION = "Will the reading lamp be here by Saturday?"
LONG_GONE = """
from datetime import timedelta
from django.utils import timezone
from makegood.chat.models import Visitor
from makegood.customers.models import Handle
from makegood.chat.actions import leave_address
from makegood.conversations.models import Message
said = Message.objects.filter(text={about!r}).latest("pk")
visitor = Visitor.objects.get(handle=said.handle)
leave_address(visitor, "buyer@example.com")
then = timezone.now() - timedelta(minutes=20)
Visitor.objects.filter(pk=visitor.pk).update(seen_at=then, mails_at=then)
"""
"""She left her address, and closed the page so long ago."""
PASS = """
from makegood.chat.models import Visitor
from makegood.chat.passes import pass_of
from makegood.conversations.models import Message
said = Message.objects.filter(text={about!r}).latest("pk")
visitor = Visitor.objects.select_related("inbox", "handle").get(handle=said.handle)
print(visitor.inbox.public_id, pass_of(visitor)[0])
"""


def answer_at_the_desk(nora: Page, words: str) -> None:
    box = nora.get_by_role("textbox", name="Your answer")
    box.fill(words)
    box.press("Control+Enter")
    expect(nora.locator("#story .message--outgoing", has_text=words)).to_be_visible()


def test_a_buyer_leaves_gets_the_answer_by_mail_and_is_helped(
    visit: Visit, sit: Sit, shop: Shop, post_office: PostOffice
) -> None:
    own = uuid4().hex[:8]  # nobody said it before, in this shop
    question, at_once, bye = f"{QUESTION} {own}", f"On Friday already. {own}", f"Enjoy it. {own}"
    buyer, nora = visit(), sit("nora")
    enter(buyer)
    say(buyer, question)
    buyer.close()
    nora.goto("/inbox/waiting/")
    nora.get_by_text(question).first.click()
    answer_at_the_desk(nora, at_once)
    shop.ask(LONG_GONE.format(about=question))
    letter = shop.wait_for(lambda: post_office.letter_with(at_once), "letter")
    assert letter["To"] == "buyer@example.com"
    assert "Saturday" not in letter.as_string()
    expect(nora.locator("#story")).to_contain_text("Went on by mail")
    answer_to(shop, letter, "Wonderful, thank you!", sender="buyer@example.com")
    expect(nora.locator("#story")).to_contain_text("Wonderful, thank you!")
    expect(nora.get_by_text("Looks like a new matter")).to_have_count(0)
    nora.reload()
    answer_at_the_desk(nora, bye)
    shop.wait_for(lambda: post_office.letter_with(bye), "letter")
    assert said(shop, question)[-1] == bye
    nora.get_by_role("button", name="Resolve").first.click()
    expect(nora.locator("#story")).to_contain_text("resolved")


def test_a_chat_goes_on_on_the_phone(visit: Visit, sit: Sit, shop: Shop) -> None:
    sofa = f"On the sofa I go on with my phone. {uuid4().hex[:8]}"
    buyer = visit()
    enter(buyer)
    say(buyer, sofa)
    asked = PASS.format(about=sofa)
    public_id, word = shop.ask(asked).split()
    phone = sit(**PHONE)
    phone.add_init_script(
        "const attach = Element.prototype.attachShadow\n"
        "Element.prototype.attachShadow = function (how) {"
        " return attach.call(this, {...how, mode: 'open'}) }"
    )
    phone.goto(f"/chat/{public_id}/here/#{word}")
    assert_accessible(phone)
    phone.get_by_role("button", name="Go on with the chat here").click()
    expect(phone).to_have_url(re.compile(r"/here/$"))
    phone.locator(".home :is(.button, .card)").first.click()
    expect(message(phone, "On the sofa")).to_be_visible()
    say(phone, "Here I sit.")
    expect(message(buyer, "Here I sit.")).to_be_visible()
