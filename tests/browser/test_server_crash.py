"""The server dies with an answer in its hands: it goes once, and nothing is left to send."""

import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Forgive, Sit
from tests.browser.post_office import PostOffice
from tests.browser.shop import Shop

ANSWER = "Your answer"
GONE = ("ERR_", "htmx:", "Failed to load resource")
REST = """
from datetime import timedelta
from django.utils import timezone
from makegood.channels.models import Delivery
later = timezone.now() + timedelta(hours=1)
print(Delivery.objects.filter(state="queued").update(send_after=later))
"""
"""However long the lights are out: it must not leave before it was looked at."""
NOW = """
from django.utils import timezone
from makegood.channels.models import Delivery
print(Delivery.objects.filter(state="queued").update(send_after=timezone.now()))
"""


@pytest.fixture
def lamp(request: pytest.FixtureRequest, shop: Shop) -> int:
    return shop.conversation_about(f"Lamp of {request.node.name}")


@pytest.fixture
def nora(sit: Sit, lamp: int, shop: Shop, forgive: Forgive) -> Iterator[Page]:
    """Her answers rest for half a minute: what is written down has not left."""
    shop.wait_before_sending(30)
    page = sit("nora")
    forgive(*GONE)
    page.goto(f"/conversations/{lamp}/")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    yield page
    shop.wait_before_sending(0)
    if shop.served.process is None:
        shop.served.start("--empty")


@pytest.fixture
def words(lamp: int) -> str:
    return f"Dear Ida, lamp {lamp} left on Friday, while the lights went out."


def send_into_the_dark(nora: Page, shop: Shop, words: str) -> None:
    """The answer is written down, and before anybody hears of it the server is killed."""

    def written_down_and_killed(route: Route) -> None:
        assert route.fetch().ok
        assert shop.ask(REST) == "1"
        shop.served.stop(signal.SIGKILL)
        route.abort()

    nora.route("**/messages/", written_down_and_killed)
    field = nora.get_by_role("textbox", name=ANSWER)
    field.fill(words)
    field.press("Control+Enter")
    expect(nora.locator("#toasts")).to_contain_text("Nothing was lost")
    expect(field).to_have_value(words)
    nora.unroute("**/messages/")


def assert_it_went_once(shop: Shop, lamp: int, post_office: PostOffice, words: str) -> None:
    (queued,) = shop.outbox(lamp)
    assert queued["state"] == "queued"
    assert post_office.count_with(words) == 0
    assert shop.ask(NOW) == "1"
    shop.wait_for(lambda: shop.outbox(lamp)[0]["state"] == "sent", "answer that left")
    assert len(shop.outbox(lamp)) == 1
    assert post_office.count_with(words) == 1


def test_whoever_comes_back_finds_it_said_and_the_composer_empty(
    nora: Page, lamp: int, words: str, shop: Shop, post_office: PostOffice
) -> None:
    send_into_the_dark(nora, shop, words)
    shop.served.start("--empty")
    nora.reload()
    expect(nora.locator("#story .message--outgoing")).to_have_count(1)
    expect(nora.get_by_role("textbox", name=ANSWER)).to_have_value("")
    assert_it_went_once(shop, lamp, post_office, words)


def test_whoever_stays_sees_it_said_without_doing_anything(
    nora: Page, lamp: int, words: str, shop: Shop, post_office: PostOffice
) -> None:
    send_into_the_dark(nora, shop, words)
    shop.served.start("--empty")
    expect(nora.get_by_role("textbox", name=ANSWER)).to_have_value("")
    expect(nora.locator("#story .message--outgoing")).to_have_count(1)
    assert_it_went_once(shop, lamp, post_office, words)


def test_whoever_presses_again_says_it_once(
    nora: Page, lamp: int, words: str, shop: Shop, post_office: PostOffice
) -> None:
    send_into_the_dark(nora, shop, words)
    nora.route("**/drafts/**", lambda route: route.abort())  # she is quicker than it
    shop.served.start("--empty")
    nora.get_by_role("textbox", name=ANSWER).press("Control+Enter")
    expect(nora.get_by_role("textbox", name=ANSWER)).to_have_value("")
    expect(nora.locator("#story .message--outgoing")).to_have_count(1)
    assert_it_went_once(shop, lamp, post_office, words)
    nora.reload()
    expect(nora.get_by_role("textbox", name=ANSWER)).to_have_value("")
    expect(nora.locator("#story .message--outgoing")).to_have_count(1)
