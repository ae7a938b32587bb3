"""Two agents at one desk: each sees where the other is, and hears what concerns them."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Forgive, Sit
from tests.browser.shop import Shop

ANSWER = "Your answer"
LOOKS = 2400
"""Two minutes of them."""


@pytest.fixture
def lamp(request: pytest.FixtureRequest, shop: Shop) -> int:
    """A conversation of this test's own."""
    return shop.conversation_about(f"Lamp of {request.node.name}")


def opened(page: Page, conversation: int) -> Page:
    page.goto(f"/conversations/{conversation}/")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    return page


def test_who_looks_and_who_writes_shows_live_and_goes(sit: Sit, lamp: int) -> None:
    nora = opened(sit("nora"), lamp)
    who = nora.locator("#head [data-who]")
    expect(who).to_be_hidden()
    tomas = opened(sit("tomas"), lamp)
    expect(who).to_have_text("Tomas Brandt is here")
    expect(tomas.locator("#head [data-who]")).to_have_text("Nora Lindqvist is here")
    tomas.get_by_role("textbox", name=ANSWER).press_sequentially("It left")
    expect(who).to_have_text("Tomas Brandt is writing an answer")
    face = nora.locator(f"#row-{lamp} .row__here")
    expect(face).to_have_text("TB")
    tomas.close()
    expect(who).to_be_hidden()
    expect(face).to_have_count(0)


def test_who_writes_while_another_does_is_warned_and_not_held_up(sit: Sit, lamp: int) -> None:
    nora, tomas = opened(sit("nora"), lamp), opened(sit("tomas"), lamp)
    tomas.get_by_role("textbox", name=ANSWER).press_sequentially("It left")
    warning = nora.locator("[data-who-answers]")
    expect(nora.locator("#head [data-who]")).to_contain_text("is writing an answer")
    expect(warning).to_be_hidden()
    nora.get_by_role("textbox", name=ANSWER).press_sequentially("We send a new one.")
    expect(warning).to_have_text("Tomas Brandt is writing an answer")
    nora.keyboard.press("Control+Enter")
    expect(nora.locator("#story .message--outgoing")).to_have_count(1)


def test_who_may_not_see_it_hears_of_nobody(sit: Sit, lamp: int) -> None:
    vera = sit("vera")
    vera.goto("/inbox/waiting/")
    nora, tomas = opened(sit("nora"), lamp), opened(sit("tomas"), lamp)
    expect(tomas.locator("#head [data-who]")).to_have_text("Nora Lindqvist is here")
    for page, hears in ((vera, False), (nora, True)):
        with page.expect_response("**/presence/") as answer:
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        assert (str(lamp) in answer.value.json()["who"]) is hears


def test_a_mention_by_keyboard_rings_the_bell_and_opening_it_reads_it(sit: Sit, lamp: int) -> None:
    tomas = sit("tomas")
    tomas.goto("/inbox/waiting/")
    expect(tomas.get_by_text("Live", exact=True)).to_be_visible()
    bell = tomas.locator("#notice-count")
    before = bell.text_content() or ""
    nora = opened(sit("nora"), lamp)
    nora.keyboard.press("n")
    nora.keyboard.type("@tom")
    expect(nora.get_by_role("option", name="Tomas Brandt")).to_be_visible()
    nora.keyboard.press("Enter")
    nora.keyboard.type("can you ask the courier?")
    expect(nora.get_by_role("textbox", name="Your note")).to_have_value(
        "@Tomas Brandt can you ask the courier?"
    )
    nora.keyboard.press("Control+Enter")
    expect(nora.locator("#story .note")).to_contain_text("@Tomas Brandt can you ask")
    expect(bell).not_to_have_text(before)
    tomas.keyboard.press("g")
    tomas.keyboard.press("n")
    notice = tomas.locator(".notice--unread", has_text="test_a_mention_by_keyboard")
    expect(notice).to_contain_text("Nora Lindqvist mentioned you")
    notice.get_by_role("link").click()
    expect(tomas.locator("#story .note")).to_be_visible()
    expect(tomas.locator("#notice-count")).to_have_text(before)


def test_enter_takes_nobody_who_does_not_fit_what_was_typed_since(
    sit: Sit, lamp: int, forgive: Forgive
) -> None:
    nora = opened(sit("nora"), lamp)
    forgive("ERR_FAILED")
    nora.keyboard.press("n")
    nora.keyboard.type("@")
    expect(nora.get_by_role("option").first).not_to_have_text("Tomas Brandt")
    nora.route("**/mentions/?q=t*", lambda route: route.abort())
    nora.keyboard.type("tom")
    nora.keyboard.press("Enter")
    expect(nora.get_by_role("textbox", name="Your note")).to_have_value("@Tomas Brandt ")


def test_a_push_shows_and_opens_its_conversation(sit: Sit, lamp: int) -> None:
    page = sit("nora")
    page.context.grant_permissions(["notifications"])
    page.goto("/me/notices/")
    expect(page.get_by_role("button", name="Let this browser tell me")).to_be_visible()
    devtools = page.context.new_cdp_session(page)
    found: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    page.evaluate(
        "navigator.serviceWorker.register('/service-worker.js', { scope: '/' })"
        ".then(() => navigator.serviceWorker.ready).then(() => true)"
    )
    for _look in range(LOOKS):
        if found:
            break
        page.wait_for_timeout(50)
    assert found, "The browser never told of its service worker."
    origin = page.url.split("/me/")[0]
    pushed = {"title": "I am mentioned", "body": f"#{lamp}", "tag": "t", "url": "/notices/"}
    message = {"origin": origin, "registrationId": found[-1], "data": json.dumps(pushed)}
    devtools.send("ServiceWorker.deliverPushMessage", message)
    shown = page.evaluate(
        """async () => {
          const there = await navigator.serviceWorker.ready
          for (let tries = 0; tries < 1200; tries++) {
            const [one] = await there.getNotifications()
            if (one) return [one.title, one.body, one.data.url]
            await new Promise((done) => setTimeout(done, 100))
          }
        }"""
    )
    assert shown == ["I am mentioned", f"#{lamp}", "/notices/"]
