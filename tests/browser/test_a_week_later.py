"""Two conversations joined, talked in for a week, and taken apart again: each has what was its."""

from playwright.sync_api import expect

from tests.browser.conftest import Sit
from tests.browser.post_office import PostOffice
from tests.browser.shop import Mail, Shop
from tests.browser.test_story import answer_to

A_WEEK_PASSES = """
from datetime import timedelta
from django.db.models import F
from makegood.conversations.models import Conversation, Join, Message
week = timedelta(days=7)
Join.objects.filter(conversation={joined}).update(at=F("at") - week)
both = Conversation.objects.filter(pk__in=[{joined}, {kept}])
both.update(opened_at=F("opened_at") - week)
Message.objects.filter(conversation__in=both).update(at=F("at") - week)
"""


def test_a_join_is_undone_a_week_later(sit: Sit, shop: Shop, post_office: PostOffice) -> None:
    kept = shop.conversation_about("The week’s first lamp", "Where is the first?")
    other = "Karim Adl <karim@example.com>"
    shop.mail(Mail(text="And the second?", subject="The week’s second lamp", sender=other))
    joined = shop.conversation("The week’s second lamp")
    nora = sit("nora")
    nora.goto(f"/conversations/{joined}/")
    nora.keyboard.press("m")
    expect(nora.get_by_label("Or the conversation with the number")).to_be_focused()
    nora.keyboard.type(str(kept))
    nora.keyboard.press("Enter")
    expect(nora.locator("#head")).to_contain_text(f"also #{joined}")

    shop.ask(A_WEEK_PASSES.format(joined=joined, kept=kept))
    nora.goto(f"/conversations/{kept}/")
    nora.get_by_role("textbox", name="Your answer").fill("A week went by; both left today.")
    nora.get_by_role("button", name="Send").first.click()
    letter = shop.wait_for(lambda: post_office.letter_with("A week went by"), "letter")
    answer_to(shop, letter, "It came, thank you.")
    expect(nora.locator("#story")).to_contain_text("It came, thank you.")

    nora.get_by_role("button", name="Take out").click()
    expect(nora.locator("#story")).to_contain_text("And the second?")
    expect(nora.locator("#story")).not_to_contain_text("Where is the first?")
    nora.goto(f"/conversations/{kept}/")
    story = nora.locator("#story")
    for words in ("Where is the first?", "A week went by", "It came, thank you."):
        expect(story).to_contain_text(words)
    expect(story).not_to_contain_text("And the second?")
    nora.goto(f"/conversations/{joined}/")
    expect(nora.get_by_role("heading", name="The week’s second lamp")).to_be_visible()
