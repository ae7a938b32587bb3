"""What was typed is kept: over a reload, over a browser that dies, and apart for each purpose."""

import os
import signal

import pytest
from playwright.sync_api import Page, Playwright, Route, expect

from tests.browser.conftest import Forgive, Sit
from tests.browser.patience import ARGUMENTS, CHROMIUM
from tests.browser.shop import Shop

WORDS = "Dear Ida, I have asked the courier and"
SAVED = "Draft saved"


@pytest.fixture
def lamp(request: pytest.FixtureRequest, shop: Shop) -> int:
    return shop.conversation_about(f"Lamp of {request.node.name}")


def test_a_draft_survives_a_reload(sit: Sit, lamp: int) -> None:
    nora = sit("nora")
    nora.goto(f"/conversations/{lamp}/")
    nora.get_by_role("textbox", name="Your answer").fill(WORDS)
    nora.reload()
    expect(nora.get_by_role("textbox", name="Your answer")).to_have_value(WORDS)


def test_answer_and_note_have_words_of_their_own(sit: Sit, lamp: int) -> None:
    nora = sit("nora")
    nora.goto(f"/conversations/{lamp}/")
    nora.get_by_role("textbox", name="Your answer").fill(WORDS)
    nora.locator(".composer__kind", has_text="Note to us").click()
    nora.get_by_role("textbox", name="Your note").fill("She is upset.")
    expect(nora.locator("output", has_text=SAVED)).to_have_count(2)
    nora.reload()
    expect(nora.locator("#reply-text")).to_have_value(WORDS)
    expect(nora.locator("#note-text")).to_have_value("She is upset.")


def test_a_draft_is_its_writers_alone(sit: Sit, lamp: int) -> None:
    nora, tomas = sit("nora"), sit("tomas")
    nora.goto(f"/conversations/{lamp}/")
    nora.get_by_role("textbox", name="Your answer").fill(WORDS)
    expect(nora.locator("output", has_text=SAVED)).to_be_visible()
    tomas.goto(f"/conversations/{lamp}/")
    expect(tomas.get_by_role("textbox", name="Your answer")).to_have_value("")


def test_a_draft_survives_a_browser_that_is_killed(
    sit: Sit, lamp: int, shop: Shop, playwright: Playwright, sessions: dict[str, str]
) -> None:
    second = sit("nora")
    second.goto("/me/")
    doomed = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    context = doomed.new_context(base_url=shop.url)
    context.add_cookies([{"name": "session", "value": sessions["nora"], "url": shop.url}])
    page = context.new_page()
    page.goto(f"/conversations/{lamp}/")
    page.get_by_role("textbox", name="Your answer").press_sequentially(WORDS)
    expect(page.locator("output", has_text=SAVED)).to_be_visible()
    told = doomed.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    (pid,) = [one["id"] for one in told["processInfo"] if one["type"] == "browser"]
    os.kill(pid, signal.SIGKILL)

    second.goto(f"/conversations/{lamp}/")
    expect(second.get_by_role("textbox", name="Your answer")).to_have_value(WORDS)


def slowly(page: Page, address: str, *, status: int = 0) -> None:
    """What is sent there is answered after a second and a half; or with an error."""

    def answer(route: Route) -> None:
        if status:
            page.wait_for_timeout(1500)
            return route.fulfill(status=status, body="")
        response = route.fetch()
        page.wait_for_timeout(1500)
        return route.fulfill(response=response)

    page.route(address, answer)


def send_and_type_on(page: Page, more: str) -> None:
    field = page.get_by_role("textbox", name="Your answer")
    field.fill("It left on Friday.")
    with page.expect_request("**/messages/"):
        page.keyboard.press("Control+Enter")
    field.focus()
    page.keyboard.press("End")
    page.keyboard.type(more)


def test_what_is_typed_while_an_answer_is_sent_is_not_lost(sit: Sit, lamp: int, shop: Shop) -> None:
    nora = sit("nora")
    nora.goto(f"/conversations/{lamp}/")
    slowly(nora, "**/messages/")
    send_and_type_on(nora, " And another thing:")
    expect(nora.locator("#story .message--outgoing")).to_contain_text("It left on Friday.")
    field = nora.get_by_role("textbox", name="Your answer")
    expect(field).to_have_value("And another thing:")
    expect(field).to_be_focused()
    nora.keyboard.type(" the bulb.")
    expect(field).to_have_value("And another thing: the bulb.")
    expect(nora.locator("#reply-form output", has_text=SAVED)).to_be_visible()
    nora.reload()
    expect(field).to_have_value("And another thing: the bulb.")
    assert not shop.said(lamp, "another thing")


def test_what_is_typed_while_an_answer_is_refused_stands_behind_it(
    sit: Sit, lamp: int, shop: Shop, forgive: Forgive
) -> None:
    nora = sit("nora")
    forgive("422")
    nora.goto(f"/conversations/{lamp}/")
    expect(nora.get_by_text("Live", exact=True)).to_be_visible()
    nora.locator("#reply-form [name=seen]").evaluate("(field) => (field.value = 1)")
    slowly(nora, "**/messages/")
    send_and_type_on(nora, " And more.")
    expect(nora.get_by_role("button", name="Send anyway")).to_be_visible()
    expect(nora.locator("#reply-text")).to_have_value("It left on Friday. And more.")


def test_words_that_could_not_be_sent_are_a_draft_again(
    sit: Sit, lamp: int, forgive: Forgive
) -> None:
    nora = sit("nora")
    forgive("500")
    nora.goto(f"/conversations/{lamp}/")
    slowly(nora, "**/messages/", status=500)
    send_and_type_on(nora, " And more.")
    expect(nora.locator("#reply-form output", has_text=SAVED)).to_be_visible()
    nora.reload()
    expect(nora.locator("#reply-text")).to_have_value("It left on Friday. And more.")


def test_what_was_typed_last_is_kept_when_another_conversation_is_opened(
    sit: Sit, lamp: int, shop: Shop
) -> None:
    other = shop.conversation_about("Another lamp")
    nora = sit("nora")
    nora.goto(f"/conversations/{lamp}/")
    nora.get_by_role("textbox", name="Your answer").fill(WORDS)
    nora.locator(f"#row-{other}").click()
    nora.wait_for_url(f"**/conversations/{other}/*")
    expect(nora.locator("#reply-text")).to_have_value("")
    nora.locator(f"#row-{lamp}").click()
    expect(nora.locator("#reply-text")).to_have_value(WORDS)
