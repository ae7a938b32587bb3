"""When the live feed fails: the page says so, goes on hearing, and misses nothing."""

import re
import secrets
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Forgive, Sit
from tests.browser.shop import Mail, Shop

CUT = ("ERR_FAILED", "ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED", "ERR_EMPTY", "ERR_ABORTED")
LIVE, POLL = re.compile(r"/live/(\?|$)"), re.compile(r"/live/poll/")


# Less patience than the product has, so that a test need not wait as people do.
HURRIED = """
  customElements.whenDefined("live-feed").then(() => {
    const feed = customElements.get("live-feed")
    feed.patience = 300
    feed.pace = 500
  })
"""


@pytest.fixture
def nora(sit: Sit) -> Iterator[Page]:
    page = sit("nora")
    page.add_init_script(HURRIED)
    yield page
    page.unroute_all(behavior="ignoreErrors")


def test_without_a_stream_the_page_asks_and_says_so(
    nora: Page, shop: Shop, forgive: Forgive
) -> None:
    forgive(*CUT)
    nora.route(LIVE, lambda route: route.abort())
    nora.goto("/inbox/waiting/")
    expect(nora.get_by_text("Asking every few seconds")).to_be_visible()
    shop.mail(Mail(text="Hello?", subject="A lamp without a stream"))
    expect(nora.get_by_role("link", name="A lamp without a stream")).to_be_visible()


def test_where_nothing_answers_the_page_says_that_it_is_behind(
    nora: Page, shop: Shop, forgive: Forgive
) -> None:
    forgive("ERR_", "htmx:")
    nora.goto("/inbox/waiting/")
    expect(nora.get_by_text("Live", exact=True)).to_be_visible()
    nora.context.set_offline(True)
    nora.evaluate("document.querySelector('live-feed').stream.dispatchEvent(new Event('error'))")
    expect(nora.get_by_text("Delayed")).to_be_visible()
    shop.mail(Mail(text="Hello?", subject="A lamp while away"))
    shop.conversation("A lamp while away")
    nora.context.set_offline(False)
    expect(nora.get_by_role("link", name="A lamp while away")).to_be_visible()


def test_what_was_heard_and_could_not_be_fetched_is_fetched_later(
    nora: Page, shop: Shop, forgive: Forgive
) -> None:
    forgive("ERR_FAILED", "htmx:")
    nora.goto("/inbox/waiting/")
    expect(nora.get_by_text("Live", exact=True)).to_be_visible()
    news = re.compile(r"/inbox/waiting/")
    nora.route(news, lambda route: route.abort())
    with nora.expect_event("requestfailed"):
        shop.mail(Mail(text="Hello?", subject="A lamp heard of"))
    expect(nora.get_by_role("link", name="A lamp heard of")).to_have_count(0)
    nora.unroute(news)
    expect(nora.get_by_role("link", name="A lamp heard of")).to_be_visible()


def test_after_a_restart_the_page_is_live_again_and_missed_nothing(
    nora: Page, shop: Shop, forgive: Forgive
) -> None:
    forgive(*CUT, "ERR_", "htmx:")
    lamp = shop.conversation_about("A lamp over a restart")
    nora.goto(f"/conversations/{lamp}/")
    nora.evaluate("window.stillHere = true")
    expect(nora.get_by_text("Live", exact=True)).to_be_visible()
    shop.served.stop()
    expect(nora.get_by_text("Live", exact=True)).to_be_hidden()
    subject = f"In the dark, {secrets.token_hex(3)}"  # each time another: it may run again
    shop.take_in(Mail(text="Said while the house was dark.", subject=subject))
    shop.served.start("--empty")
    expect(nora.get_by_text("Live", exact=True)).to_be_visible()
    expect(nora.get_by_role("link", name=subject).first).to_be_visible()
    assert nora.evaluate("window.stillHere === true")


def test_a_question_that_is_answered_late_does_not_say_that_there_is_no_stream(
    nora: Page, forgive: Forgive
) -> None:
    """Asked without a stream, answered when there is one again: the stream is what holds."""
    forgive(*CUT, "ERR_")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    nora.route(LIVE, lambda route: route.abort())
    nora.goto("/inbox/waiting/")
    expect(nora.get_by_text("Asking every few seconds")).to_be_visible()
    nora.route(POLL, hold)
    with nora.expect_request(POLL):
        pass  # asked already, and not answered yet
    nora.unroute(LIVE)
    nora.evaluate(
        """() => {
          const feed = document.querySelector("live-feed")
          feed.constructor.opening = 0 // the next answer would begin another stream
          const { stream } = feed
          feed.stream = new EventSource(`/live/?after=${feed.after}`)
          feed.stream.addEventListener("open", () => stream.dispatchEvent(new Event("open")))
        }"""
    )
    expect(nora.get_by_text("Live", exact=True)).to_be_visible()
    with nora.expect_response(POLL):
        held[0].continue_()
    nora.wait_for_timeout(500)  # what it would say, it says at once
    expect(nora.get_by_text("Live", exact=True)).to_be_visible()


def test_what_happens_sooner_than_a_list_wants_to_hear_is_told_in_its_time(
    nora: Page, shop: Shop
) -> None:
    """The last of a burst has nothing after it that would bring it along."""
    nora.goto("/inbox/waiting/")
    expect(nora.get_by_text("Live", exact=True)).to_be_visible()
    nora.evaluate(
        """() => {
          const feed = document.querySelector("live-feed")
          window.told = []
          rows.dataset.about = "lamp"
          rows.addEventListener("news", () => told.push(performance.now()))
          const hear = () => feed.stream.dispatchEvent(
            new MessageEvent("message", { data: JSON.stringify({ about: ["lamp:1"] }) }))
          for (const at of [0, 200, 400, 600]) setTimeout(hear, at)
        }"""
    )
    told = "told.length"
    for _look in range(600):
        if nora.evaluate(told) >= 2:
            break
        nora.wait_for_timeout(100)
    nora.wait_for_timeout(2000)
    assert nora.evaluate(told) == 2, "once at once, and once for the three that came too soon"
    assert nora.evaluate("told[1] - told[0]") >= 1400


def test_what_comes_late_for_a_conversation_that_was_left_changes_nothing(
    nora: Page, shop: Shop
) -> None:
    left = shop.conversation_about("A lamp that is left")
    shop.conversation_about("A lamp that is opened")
    nora.goto("/inbox/waiting/")
    nora.get_by_role("link", name="A lamp that is left").first.click()
    head = nora.locator("#head")
    expect(head).to_contain_text("A lamp that is left")
    held: list[Route] = []
    news = re.compile(rf"/conversations/{left}/news/")

    def hold(route: Route) -> None:  # of a method of a list Playwright can make nothing
        held.append(route)

    nora.route(news, hold)
    with nora.expect_request(news):
        nora.evaluate("document.querySelector('#news').dispatchEvent(new CustomEvent('news'))")
    nora.get_by_role("link", name="A lamp that is opened").first.click()
    expect(head).to_contain_text("A lamp that is opened")
    with nora.expect_event("requestfinished", lambda request: news.search(request.url)):
        held.pop().continue_()
    nora.wait_for_timeout(200)  # what htmx would do with it, it does at once
    expect(head).to_contain_text("A lamp that is opened")
    expect(nora.locator("#marks")).to_have_count(1)
