"""The chat on pages that React or Vue draws: brought in as the docs say, and left alone by them."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chatting import answer, enter, launcher, message, said, say
from tests.browser.conftest import Visit
from tests.browser.host_page import FRAMEWORKS
from tests.browser.shop import Shop
from tests.node import installed

WHERE = """
from makegood.conversations.models import Message
from makegood.chat.models import Visitor
said = Message.objects.filter(text={words!r}).latest("pk")
print(Visitor.objects.get(handle=said.handle).page_url)
"""


@pytest.fixture(scope="module", autouse=True)
def programs() -> None:
    """Installed before anybody waits for a page."""
    installed(FRAMEWORKS)


@pytest.mark.parametrize("framework", ["react", "vue"])
def test_it_outlives_every_page_that_a_framework_draws(
    framework: str, visit: Visit, shop: Shop
) -> None:
    ida = visit(f"/{framework}/")
    enter(ida)
    words = f"Which lamp goes with it? ({framework})"
    say(ida, words)
    shop.wait_for(lambda: where(shop, words) == f"/{framework}/", "the page they are on")
    ida.get_by_role("button", name="Lanterns").click()
    expect(ida.get_by_role("heading", name="Lanterns")).to_be_visible()
    assert_one(ida)
    answer(shop, words, "The one of brass.")
    expect(message(ida, "The one of brass.")).to_be_visible()
    ida.get_by_role("button", name="In the cart: 0").click()
    expect(ida.get_by_role("button", name="In the cart: 1")).to_be_visible()
    shop.wait_for(lambda: where(shop, words) == f"/{framework}/lanterns", "the page they went to")
    say(ida, "Thank you.")
    ida.go_back()
    ida.reload()
    enter(ida)
    expect(message(ida, "Thank you.")).to_be_visible()
    assert_one(ida)
    assert said(shop, words) == [words, "The one of brass.", "Thank you."]


@pytest.mark.parametrize("framework", ["react", "vue"])
def test_a_body_that_is_drawn_anew_takes_nothing_away(framework: str, visit: Visit) -> None:
    ida = visit(f"/{framework}/")
    enter(ida)
    ida.evaluate("document.body.replaceWith(document.createElement('body'))")
    assert_one(ida)
    say(ida, f"Written on an empty page ({framework})")


def assert_one(page: Page) -> None:
    expect(page.locator("makegood-chat")).to_have_count(1)
    expect(launcher(page)).to_have_count(1)


def where(shop: Shop, words: str) -> str:
    return "/" + shop.ask(WHERE.format(words=words)).strip().split("/", 3)[-1]
