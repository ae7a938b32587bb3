"""Every page for everybody: axe-core finds nothing serious, and nothing scrolls sideways.

Wide and on a phone, light and dark.
"""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible, assert_fits
from tests.browser.conftest import PHONE, WIDE, Forgive, Sit
from tests.browser.shop import Mail, Shop

LONG = "Wilhelmina-Antoinette Freifrau von der Lampenschirmmanufaktur zu Hohenstein"
LOOKS = {"wide": WIDE, "phone": PHONE}
OF_STRANGERS = [
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/password/reset/sent/",
    "/join/not-an-invitation/",
    "/nothing/here/",
]
OF_AGENTS = [
    "/inbox/waiting/",
    "/inbox/resolved/",
    "/search/",
    "/search/?q=lamp",
    "/search/?q=zzzz",
    "/me/",
    "/me/profile/",
    "/accounts/password/",
    "/accounts/security/",
    "/conversations/999999/",
    "/answers/",
    "/views/",
    "/views/new/",
    "/bulk/",
    "/customers/",
    "/segments/new/",
    "/notices/",
    "/me/notices/",
    "/search/help/",
    "/saved-replies/",
    "/macros/",
    "/keys/",
    "/palette/",
]
OF_THE_OWNER = [
    "/office/",
    "/office/inboxes/",
    "/office/inboxes/new/",
    "/office/inboxes/new/mailbox/",
    "/office/inboxes/new/forwarding/",
    "/office/inboxes/new/form/",
    "/office/inboxes/1/",
    "/office/inboxes/1/name/",
    "/office/inboxes/1/servers/",
    "/office/agents/",
    "/office/agents/1/",
    "/office/invitations/",
    "/office/teams/",
    "/office/teams/new/",
    "/office/teams/1/",
    "/office/arrivals/",
    "/office/deliveries/",
    "/office/health/",
    "/office/roles/",
    "/office/roles/new/",
    "/office/fields/",
    "/office/fields/new/",
    "/office/tags/",
    "/office/policies/",
    "/office/policies/new/",
    "/office/blocked/",
    "/office/history/",
    "/office/keys/",
    "/office/files/customers/",
    "/office/files/agents/",
    "/office/import/macros/",
    "/saved-replies/new/",
    "/macros/new/",
    "/office/style/",
    "/first-steps/",
]

every_look = pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)


def look_at(page: Page, addresses: list[str], forgive: Forgive) -> None:
    # The first step of a mailbox says at once that it wants an address.
    forgive("status of 404", "422.*new/mailbox")
    for address in addresses:
        page.goto(address)
        expect(page.locator("h1").first).to_be_attached()
        assert_accessible(page)
        assert_fits(page)


@pytest.fixture(scope="module")
def full(shop: Shop) -> int:
    """A conversation with everything in it: words, note, facts, tags, files, a foreign page."""
    subject = f"A matter of some length, from {LONG}, about a lamp that came broken"
    html = "<h1>Look</h1><p>It is <b>broken</b>.</p><img src='https://pictures.example/x.png'>"
    text, sender = "It is broken.\n\n> You wrote", f"{LONG} <w@example.com>"
    shop.mail(Mail(text=text, html=html, subject=subject, sender=sender))
    pk = shop.conversation(subject)
    shop.ask(FILLED.format(pk=pk))
    return pk


FILLED = """
from makegood.conversations.actions import add_note, assign_conversation, tag_conversation
from makegood.conversations.drafting import attach_to_draft, save_draft
from makegood.conversations.models import Conversation
from makegood.conversations.replying import Reply, reply_to
from makegood.team.models import Agent
lamp = Conversation.objects.get(pk={pk})
nora, tomas = (Agent.objects.get(email=f"{{name}}@lantern.example") for name in ("nora", "tomas"))
draft = save_draft(lamp, "", purpose="reply", by=nora)
file = attach_to_draft(draft, name="label.pdf", content_type="application/pdf", content=b"%PDF")
reply_to(lamp, Reply(text="Dear Wilhelmina,\\n\\nwe send a new one.", attachments=[file]), by=nora)
add_note(lamp, "She is upset: be quick.", by=tomas)
tag_conversation(lamp, ["late parcel", "vip", "a tag that is rather long"], by=tomas)
assign_conversation(lamp, agent=tomas, team=None, by=nora)
assign_conversation(lamp, agent=nora, team=None, by=tomas)
save_draft(lamp, "And one more thing:", purpose="reply", by=nora)
"""


@every_look
def test_pages_of_strangers(sit: Sit, look: dict[str, Any], forgive: Forgive) -> None:
    page = sit(**look)
    look_at(page, OF_STRANGERS, forgive)
    page.goto("/accounts/login/")
    forgive("status of 422")
    page.get_by_label("E-mail address").fill("nobody@lantern.example")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".banner--broken")).to_be_visible()
    assert_accessible(page)


@every_look
def test_pages_of_agents(sit: Sit, look: dict[str, Any], full: int, forgive: Forgive) -> None:
    look_at(sit("nora", **look), OF_AGENTS, forgive)


@every_look
def test_an_empty_desk(sit: Sit, look: dict[str, Any]) -> None:
    page = sit("vera", **look)
    page.goto("/inbox/waiting/")
    expect(page.get_by_text("Nobody is waiting")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)


@every_look
def test_a_conversation_and_its_menus(sit: Sit, look: dict[str, Any], full: int) -> None:
    page = sit("nora", **look)
    page.goto(f"/conversations/{full}/")
    expect(page.locator("#customer-pane")).to_contain_text("first wrote")
    page.get_by_text("As it was sent").click()
    assert_accessible(page)
    assert_fits(page)
    for key, sheet in (("a", "assignment"), ("t", "tags"), ("s", "rest")):
        page.keyboard.press(key)
        expect(page.locator(f"#{sheet}-sheet form").first).to_be_visible()
        assert_accessible(page)
        assert_fits(page)
        page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.get_by_role("textbox", name="Your note")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert_accessible(page)


@every_look
def test_questions_about_a_conversation_on_pages_of_their_own(
    sit: Sit, look: dict[str, Any], full: int, forgive: Forgive
) -> None:
    page = sit("olga", **look)
    pages = ("assignment", "tags", "rest", "join", "macros", "beside", "redaction", "customer")
    look_at(page, [f"/conversations/{full}/{one}/" for one in pages], forgive)


@every_look
def test_pages_of_the_owner(sit: Sit, look: dict[str, Any], forgive: Forgive) -> None:
    look_at(sit("olga", **look), OF_THE_OWNER, forgive)
