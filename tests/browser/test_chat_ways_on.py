"""Going on from the chat by mail, on a phone, by a call; and the shop speaking first."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.axe import assert_accessible, assert_fits
from tests.browser.chatting import enter, field, launcher, message, said, say
from tests.browser.conftest import PHONE, Forgive, Visit
from tests.browser.host_page import HostPage
from tests.browser.shop import Shop

MOVED = """() => new Promise((done) => new PerformanceObserver((list) => {
  done(list.getEntries().filter((one) => one.entryType === "layout-shift").length)
}).observe({ type: "layout-shift", buffered: true }) ?? setTimeout(() => done(0), 500))"""
SMALL = {"viewport": {"width": 320, "height": 568}}
CAME_LONG_AGO = """document.addEventListener("DOMContentLoaded", () => {
  const { shop } = document.querySelector("[data-shop]").dataset
  localStorage.setItem(`makegood:${shop}:came`, JSON.stringify({ at: 1, isBack: false }))
})"""
RULE = {"key": "lamps", "words": "Which lamp do you look for?", "page": "", "seconds": 0,
        "cart": 0, "returning": False, "days": 7}  # fmt: skip


def told(**more: Any) -> Callable[[BrowserContext], object]:
    """The desk says this of itself, and else what it says."""

    def change(route: Route) -> None:
        found = route.fetch()
        route.fulfill(response=found, json={**found.json(), **more})

    return lambda context: context.route("**/hello/*", change)


def choose(page: Page, name: str) -> None:
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name=name).click()


def invite(page: Page) -> Any:
    return page.get_by_role("status").filter(has_text="Which lamp")


# ── By mail ──


def test_the_answer_can_be_sent_by_mail(visit: Visit, forgive: Forgive) -> None:
    ida = visit(before=told(is_open=True))
    forgive("422")
    enter(ida)
    say(ida, "I have to leave in a minute")
    choose(ida, "Send me the answer by mail")
    box = ida.get_by_role("textbox", name="Your e-mail address")
    expect(box).to_be_focused()
    box.fill("ida")
    box.press("Enter")
    expect(ida.get_by_text("This is not an e-mail address yet.")).to_be_visible()
    assert_accessible(ida)
    box.fill("hello@lantern.example")
    box.press("Enter")
    expect(ida.get_by_role("alert")).to_contain_text("another")
    assert_accessible(ida)
    box.fill("ida.leaves@example.com")
    box.press("Enter")
    expect(ida.get_by_role("heading", name="ida.leaves@example.com")).to_be_focused()
    assert_accessible(ida)
    ida.get_by_role("button", name="Back", exact=True).click()
    expect(field(ida)).to_be_focused()


@pytest.mark.parametrize("standing", [{"is_open": False}, {"is_open": True, "is_long": True}],
                         ids=["nobody there", "a long wait"])  # fmt: skip
def test_who_would_wait_long_is_offered_mail(visit: Visit, standing: dict[str, bool]) -> None:
    ida = visit(before=told(**standing))
    launcher(ida).click()
    ida.locator(".home .button").click()
    if not standing["is_open"]:
        ida.get_by_role("button", name="Go on", exact=True).click()
    say(ida, "Is anybody there?")
    offer = ida.locator(".offer")
    expect(offer).to_be_visible()
    assert_accessible(ida)
    offer.get_by_role("button", name="by mail").click()
    expect(ida.get_by_role("textbox", name="Your e-mail address")).to_be_focused()


def test_who_would_wait_long_is_offered_a_call(visit: Visit) -> None:
    call = {"kind": "callback", "label": "Ask for a call (free from 14:00)", "url": ""}
    ida = visit(before=told(is_open=True, is_long=True, ways=[call]))
    launcher(ida).click()
    first = ida.locator(".home__others")
    expect(first).to_contain_text("It may take a while until somebody answers")
    expect(first.get_by_role("button", name="Ask for a call (free from 14:00)")).to_be_visible()
    assert_accessible(ida)
    ida.locator(".home .home__way").click()
    say(ida, "Is anybody near a telephone?")
    offer = ida.locator(".offer")
    expect(offer.get_by_role("button", name="Send me the answer by mail")).to_be_visible()
    assert_accessible(ida)
    offer.get_by_role("button", name="Ask for a call (free from 14:00)").click()
    expect(ida.get_by_role("heading", name="Ask for a call")).to_be_visible()


# ── On a phone ──


def test_it_goes_on_on_a_phone_by_its_picture(visit: Visit) -> None:
    ida = visit(**PHONE)
    enter(ida)
    say(ida, "I go on upstairs")
    choose(ida, "Go on on my phone")
    ida.get_by_role("button", name="Make a link").click()
    expect(ida.get_by_role("img", name="QR code of the link")).to_be_visible()
    assert_accessible(ida)
    address = ida.get_by_role("textbox", name="Link").input_value()
    assert "/here/#" in address
    box = ida.locator(".code").bounding_box()
    assert box
    assert box["width"] == box["height"] > 150


# ── With what was said in hand ──


def test_a_transcript_is_refused_in_words(visit: Visit, forgive: Forgive) -> None:
    ida = visit()
    forgive("422")
    enter(ida)
    say(ida, "I want to keep this")
    choose(ida, "Mail me this conversation")
    ida.get_by_role("button", name="Send it to me").click()
    expect(ida.get_by_role("alert")).to_contain_text("proven")
    assert_accessible(ida)


def test_without_a_network_it_says_so(visit: Visit, forgive: Forgive) -> None:
    ida = visit(path="/de")
    forgive("ERR_INTERNET_DISCONNECTED")
    enter(ida)
    say(ida, "Ich gehe gleich in den Keller")
    ida.get_by_role("button", name="Mehr").click()
    ida.get_by_role("menuitem", name="Auf dem Telefon weitermachen").click()
    ida.context.set_offline(True)
    ida.get_by_role("button", name="Link machen").click()
    expect(ida.get_by_role("alert")).to_contain_text("nicht zu erreichen")
    ida.context.set_offline(False)
    ida.get_by_role("button", name="Link machen").click()
    expect(ida.get_by_role("img", name="QR-Code des Links")).to_be_visible()


# ── By telephone ──


def test_a_call_is_asked_for_and_promised(visit: Visit, forgive: Forgive) -> None:
    ida = visit(before=told(is_open=True, ways=[{"kind": "callback", "label": "", "url": ""}]))
    forgive("422")
    launcher(ida).click()
    ida.get_by_role("button", name="Ask for a call").click()
    number = ida.get_by_role("textbox", name="Your telephone number")
    expect(number).to_be_focused()
    assert_accessible(ida)
    ida.get_by_role("button", name="Call me").click()
    expect(ida.get_by_text("Please fill this in.").first).to_be_visible()
    number.fill("12345")
    ida.get_by_role("combobox", name="When").select_option(index=3)
    ida.get_by_role("button", name="Call me").click()
    expect(ida.get_by_role("alert")).to_contain_text("telephone number")
    number.fill("+49 30 123456")
    ida.get_by_role("textbox", name="What it is about").fill("About the brass lamp.")
    ida.get_by_role("button", name="Call me").click()
    expect(ida.get_by_role("heading", name="We call you on")).to_be_focused()
    assert_accessible(ida)
    ida.get_by_role("button", name="Back", exact=True).click()
    expect(message(ida, "Please call me at +49 30 123456")).to_contain_text("About the brass lamp.")


# ── The menu ──


def test_the_menu_is_all_done_by_keys(visit: Visit) -> None:
    ida = visit(before=told(is_open=True, ways=[]))
    enter(ida)
    expect(ida.get_by_role("button", name="More")).to_be_hidden()
    say(ida, "Only by keys")
    more = ida.get_by_role("button", name="More")
    more.focus()
    ida.keyboard.press("Enter")
    expect(ida.get_by_role("menuitem").first).to_be_focused()
    assert_accessible(ida)
    ida.keyboard.press("End")
    expect(ida.get_by_role("menuitem").last).to_be_focused()
    ida.keyboard.press("ArrowDown")
    expect(ida.get_by_role("menuitem").first).to_be_focused()
    ida.keyboard.press("Escape")
    expect(ida.get_by_role("menu")).to_be_hidden()
    expect(more).to_be_focused()
    expect(ida.get_by_role("dialog")).to_be_visible()


def test_there_is_room_for_it_where_there_is_little(visit: Visit) -> None:
    ida = visit(**SMALL)
    enter(ida)
    say(ida, "In a small window")
    choose(ida, "Go on on my phone")
    ida.get_by_role("button", name="Make a link").click()
    expect(ida.get_by_role("img", name="QR code of the link")).to_be_visible()
    assert_fits(ida)


# ── The shop speaks first ──


def test_somebody_is_invited_once_and_moves_nothing(visit: Visit) -> None:
    ida = visit(before=told(is_open=True, invitations=[RULE]))
    expect(invite(ida)).to_be_visible()
    assert ida.evaluate("document.activeElement.localName") == "body"
    assert ida.evaluate(MOVED) == 0
    assert_accessible(ida)
    ida.get_by_role("button", name="No, thank you").click()
    expect(invite(ida)).to_be_hidden()
    ida.reload()
    expect(launcher(ida)).to_be_visible()
    kept = "Object.keys(localStorage).filter((key) => key.endsWith('invited:lamps')).length"
    assert ida.evaluate(kept) == 1
    ida.wait_for_timeout(3_000)
    expect(invite(ida)).to_be_hidden()


def test_nobody_is_invited_more_often_in_a_day_than_the_shop_says(visit: Visit) -> None:
    rules = [{**RULE, "key": key, "days": 0} for key in ("one", "two")]
    ida = visit(before=told(is_open=True, invitations=rules, invites_most=1))
    expect(invite(ida)).to_be_visible()
    ida.reload()
    expect(launcher(ida)).to_be_visible()
    ida.wait_for_timeout(2_500)
    expect(invite(ida)).to_be_hidden()
    day_ago = """
      const key = Object.keys(localStorage).find((one) => one.endsWith(":invites"))
      localStorage.setItem(key, JSON.stringify([Date.now() - 86_400_001]))
    """
    ida.evaluate(f"() => {{{day_ago}}}")
    ida.reload()
    expect(invite(ida)).to_be_visible()


def test_who_takes_the_invitation_writes_at_once(visit: Visit) -> None:
    ida = visit(before=told(is_open=True, invitations=[RULE]))
    ida.get_by_role("button", name="Chat with us").click()
    expect(field(ida)).to_be_focused()
    expect(invite(ida)).to_be_hidden()


INVITES = """
from makegood.channels.models import Inbox
chat = Inbox.objects.get(public_id={chat!r})
chat.settings["chat"] = chat.settings["chat"] | {{"invitations": {rules!r}}}
chat.save(update_fields=["settings"])
"""
FARED = """
import json
from django.utils import timezone
from makegood.channels.models import Inbox
from makegood.chat.inviting import fared
[rows] = fared(Inbox.objects.get(public_id={chat!r}), timezone.now()).values()
print(json.dumps([rows[0].shown, rows[0].opened, rows[0].put_away, rows[0].led]))
"""


@pytest.fixture
def counts(shop: Shop, host: HostPage) -> Iterator[Callable[[], list[int]]]:
    """What came of the chat's one invitation, which reads as in no other run."""
    rule = RULE | {"key": "invitation-1", "words": {"en": f"Which lamp, {uuid4().hex}?"}}
    shop.ask(INVITES.format(chat=host.shop, rules=[rule]))
    yield lambda: json.loads(shop.ask(FARED.format(chat=host.shop)))
    shop.ask(INVITES.format(chat=host.shop, rules=[]))


def becomes(counts: Callable[[], list[int]], wanted: list[int]) -> None:
    """A page tells of it without waiting for an answer."""
    for _look in range(300):
        found = counts()
        if found == wanted:
            return
        time.sleep(0.2)
    raise AssertionError(f"{found} and not {wanted}")


def test_what_comes_of_an_invitation_is_counted(
    visit: Visit, counts: Callable[[], list[int]]
) -> None:
    rule = {**RULE, "key": "invitation-1", "days": 0}
    ida = visit(before=told(is_open=True, invitations=[rule]))
    expect(invite(ida)).to_be_visible()
    becomes(counts, [1, 0, 0, 0])
    ida.get_by_role("button", name="No, thank you").click()
    becomes(counts, [1, 0, 1, 0])
    ida.reload()
    ida.get_by_role("button", name="Chat with us").click()
    becomes(counts, [1, 1, 1, 0])
    say(ida, f"A brass one, please {uuid4().hex[:6]}")
    becomes(counts, [1, 1, 1, 1])


def test_a_cart_that_is_worth_it_is_waited_for(visit: Visit) -> None:
    rule = {**RULE, "cart": 50, "page": "127.0.0.1"}
    ida = visit(before=told(is_open=True, invitations=[rule]))
    expect(launcher(ida)).to_be_visible()
    ida.evaluate("makegood.set({ cart: { total: '49,90' } })")
    ida.wait_for_timeout(2_500)
    expect(invite(ida)).to_be_hidden()
    ida.evaluate("makegood.set({ cart: { total: '1.050,00 €' } })")
    expect(invite(ida)).to_be_visible()


@pytest.mark.parametrize(
    "standing",
    [
        {"is_open": False, "invitations": [RULE]},
        {"is_open": True, "invitations": [{**RULE, "page": "/checkout"}]},
        {"is_open": True, "invitations": [{**RULE, "returning": True}]},
        {"is_open": True, "invitations": [{**RULE, "seconds": 3600}]},
    ],
    ids=["closed", "another page", "somebody new", "too soon"],
)
def test_nobody_else_is_invited(visit: Visit, standing: dict[str, Any]) -> None:
    ida = visit(before=told(**standing))
    expect(launcher(ida)).to_be_visible()
    ida.wait_for_timeout(2_500)
    expect(invite(ida)).to_be_hidden()


def test_who_comes_back_is_invited(visit: Visit) -> None:
    def came_long_ago(context: BrowserContext) -> None:
        told(is_open=True, invitations=[{**RULE, "returning": True}])(context)
        context.add_init_script(CAME_LONG_AGO)

    ida = visit(before=came_long_ago)
    expect(invite(ida)).to_be_visible()


def test_who_is_in_a_conversation_is_not_invited(visit: Visit, shop: Shop) -> None:
    ida = visit(before=told(is_open=True))
    enter(ida)
    say(ida, "We are talking already")
    ida.context.unroute("**/hello/*")
    told(is_open=True, invitations=[RULE])(ida.context)
    ida.reload()
    expect(launcher(ida)).to_be_visible()
    ida.wait_for_timeout(2_500)
    expect(invite(ida)).to_be_hidden()
    assert said(shop, "We are talking already") == ["We are talking already"]
