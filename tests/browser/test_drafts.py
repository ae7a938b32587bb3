"""What was typed is kept: over a reload, over a browser that dies, and apart for each purpose."""

import os
import signal

import pytest
from playwright.sync_api import Playwright, expect

from tests.browser.conftest import ARGUMENTS, CHROMIUM, Sit
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
