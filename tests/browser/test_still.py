"""What a page does while it comes up, as Chromium itself tells: nothing may move under a hand.

How long it takes is measured by `bin/bench feel`, beside a bare page: a time alone says more about
the machine than about the page.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.shop import Shop

MOST_SHIFT = 0.02
LISTENS = """
window.seen = { shift: 0, painted: 0 }
const look = (type, heard) =>
  new PerformanceObserver((list) => list.getEntries().forEach(heard))
    .observe({ type, buffered: true })
look("layout-shift", (one) => !one.hadRecentInput && (seen.shift += one.value))
look("largest-contentful-paint", () => (seen.painted += 1))
"""


@pytest.fixture
def lamp(request: pytest.FixtureRequest, shop: Shop) -> int:
    return shop.conversation_about(f"Lamp of {request.node.name}")


def opened(sit: Sit, address: str) -> Page:
    page = sit("nora")
    page.add_init_script(LISTENS)
    page.goto(address)
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    until(page, "seen.painted > 0")
    page.wait_for_timeout(500)
    return page


def until(page: Page, condition: str) -> None:
    """The page's own policy forbids Playwright to wait in it: words are no script there."""
    for _look in range(600):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"It never came: {condition}")


@pytest.mark.parametrize("what", ["inbox", "conversation"])
def test_a_page_does_not_move_while_it_comes_up(sit: Sit, lamp: int, what: str) -> None:
    address = "/inbox/waiting/" if what == "inbox" else f"/conversations/{lamp}/"
    assert opened(sit, address).evaluate("seen.shift") < MOST_SHIFT


def test_a_page_that_moves_is_noticed(sit: Sit, lamp: int) -> None:
    page = opened(sit, f"/conversations/{lamp}/")
    page.evaluate(
        """() => {
          const late = document.createElement("div")
          late.style.height = "300px"
          document.querySelector("main").prepend(late)
        }"""
    )
    until(page, f"seen.shift > {MOST_SHIFT}")
