"""A promise broke: an apology by one press, a new time, why it broke, and the lead's count."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Sit
from tests.browser.shop import Shop
from tests.browser.test_promises import PROMISED, _fits, _picture

ASKS = """
from makegood.promises.models import Promise
Promise.objects.filter(conversation={broken}, state="broken").update(asks_since="2026-01-01T00:00Z")
Promise.objects.filter(conversation={calm}).delete()
"""


@pytest.fixture
def broken(request: pytest.FixtureRequest, shop: Shop) -> int:
    """Somebody was to be answered long ago."""
    name = request.node.name
    found = {
        "risk": shop.conversation_about(f"Which bulb: {name}"),
        "broken": shop.conversation_about(f"Charged twice: {name}"),
        "calm": shop.conversation_about(f"A second one: {name}"),
    }
    shop.ask(PROMISED.format(**found))
    shop.ask(ASKS.format(**found))
    return found["broken"]


def test_a_broken_promise_is_apologised_for_promised_anew_and_explained(
    broken: int, sit: Sit
) -> None:
    nora = sit("nora")
    nora.goto(f"/conversations/{broken}/")
    expect(nora.locator("live-feed").first).to_have_attribute("state", "live")
    strip = nora.locator(".hint--broken").first
    expect(strip).to_contain_text("nobody said yet why")
    strip.get_by_role("button", name="Apologise").click()
    expect(nora.locator("#reply-text")).to_have_value(
        re.compile("I am sorry that you had to wait.*I will write to you again by", re.DOTALL)
    )
    expect(nora.locator("#reply-text")).to_be_focused()
    expect(nora.get_by_label("Promise it")).to_be_checked()
    nora.keyboard.press("Control+Enter")
    expect(nora.locator("#given")).to_contain_text("I will write to you again by")
    _say_why_by_keys(nora)
    _count_of_the_lead(sit("olga"), broken)


def _say_why_by_keys(nora: Page) -> None:
    strip = nora.locator(".hint--broken").first
    expect(strip).to_contain_text("Kept late")
    strip.locator("summary", has_text="Why did it break?").focus()
    nora.keyboard.press("Enter")
    cause = strip.get_by_label("too many at once")
    expect(cause).to_be_visible()
    cause.focus()
    nora.keyboard.press("Space")
    nora.keyboard.press("Tab")
    nora.keyboard.type("A sale on Monday.")
    nora.keyboard.press("Enter")
    expect(nora.locator(".hint--broken")).to_have_count(0)


def _count_of_the_lead(olga: Page, broken: int) -> None:
    olga.goto("/lead/")
    section = olga.get_by_role("region", name="Why promises broke")
    row = section.locator("tr", has_text="too many at once")
    row.get_by_role("link").click()
    mine = olga.locator(".due", has_text=f"#{broken}")
    expect(mine).to_contain_text("A sale on Monday.")


def test_the_lead_asks_from_the_list_what_comes_next(broken: int, sit: Sit) -> None:
    olga = sit("olga")
    olga.goto("/promises/?state=unsaid")
    row = olga.locator(".due", has_text=f"#{broken}")
    row.locator("summary", has_text="What comes next?").click()
    expect(row.get_by_text("Nothing is sent by itself.")).to_be_visible()
    row.get_by_role("button", name="Apologise, and name no time").click()
    expect(olga.locator("#reply-text")).to_have_value(re.compile("I am sorry that you had to wait"))


def test_what_comes_next_can_be_looked_at(broken: int, sit: Sit) -> None:
    for kind, options in (("wide", {}), ("phone", PHONE)):
        for theme in ("light", "dark"):
            page = sit("olga", color_scheme=theme, **options)
            page.goto(f"/conversations/{broken}/")
            strip = page.locator(".hint--broken").first
            expect(strip).to_be_visible()
            assert _fits(page), f"the strip is wider than a {kind} screen"
            for word in ("Another time", "Why did it break?"):
                strip.locator(f'summary[title="{word}"]').click()
                expect(strip.locator("details[open] .menu__title").first).to_be_visible()
                assert _inside(page), f"the sheet stands beside a {kind} screen"
            _picture(page, f"broken-{kind}-{theme}")
            page.goto("/promises/?state=unsaid")
            row = page.locator(".due", has_text=f"#{broken}")
            row.locator("summary", has_text="What comes next?").click()
            expect(row.get_by_label("too many at once")).to_be_visible()
            _picture(page, f"unsaid-{kind}-{theme}")
            for name in ("lead", "office/causes"):
                page.goto(f"/{name}/")
                expect(page.get_by_role("heading", level=1).first).to_be_attached()
                assert _fits(page), f"/{name}/ is wider than a {kind} screen"
                _picture(page, f"{name.replace('/', '-')}-{kind}-{theme}")


def _inside(page: Page) -> bool:
    """Whether the open sheet stands within the conversation's own column."""
    sheet = page.locator(".hint--broken details[open] .menu__sheet").first.bounding_box()
    strip = page.locator(".hint--broken").first.bounding_box()
    if sheet is None or strip is None:
        return False
    ends = sheet["x"] + sheet["width"], strip["x"] + strip["width"]
    return sheet["x"] >= strip["x"] and ends[0] <= ends[1]
