"""Every list, while nothing is in it, says so and what to do; every page is sound."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible, assert_fits
from tests.browser.conftest import PHONE, Sit

# Before her, nobody has asked, kept, saved or been told anything.
OF_AN_AGENT = [
    "/inbox/waiting/",
    "/inbox/mine/",
    "/inbox/unassigned/",
    "/inbox/open/",
    "/inbox/snoozed/",
    "/inbox/undelivered/",
    "/inbox/resolved/",
    "/inbox/spam/",
    "/inbox/?q=zzzz",
    "/search/?q=zzzz",
    "/answers/",
    "/views/",
    "/bulk/",
    "/notices/",
    "/customers/?q=zzzz",
    "/saved-replies/",
    "/macros/",
]
OF_THE_OWNER = [
    "/office/fields/",
    "/office/blocked/",
    "/office/tags/",
    "/office/arrivals/",
    "/office/deliveries/",
    "/office/keys/",
]
FEWEST_WORDS = 5
# What Lighthouse asks of every page, and of what it answers with.
SOUND = """() => ({
  doctype: document.doctype?.name,
  charset: document.characterSet,
  language: document.documentElement.lang,
  title: document.title.trim(),
  viewport: document.querySelector("meta[name=viewport]")?.content ?? "",
  unsized: [...document.images].filter((one) => !one.width || !one.height).map((one) => one.src),
  strangers: performance.getEntriesByType("resource")
    .map((one) => new URL(one.name)).filter((one) => one.origin !== location.origin).map(String),
})"""


@pytest.mark.parametrize("address", OF_AN_AGENT)
def test_an_empty_list_of_the_desk_says_what_to_do(sit: Sit, address: str) -> None:
    assert_teaches(sit("vera", **PHONE), address)


@pytest.mark.parametrize("address", OF_THE_OWNER)
def test_an_empty_list_of_the_office_says_what_to_do(sit: Sit, address: str) -> None:
    assert_teaches(sit("olga", **PHONE), address)


def assert_teaches(page: Page, address: str) -> None:
    """Where nothing stands there is a title, and a sentence or a way on; never a blank."""
    page.goto(address)
    expect(page.locator("h1").first).to_be_attached()
    rows = page.locator("main :is([data-row], .things > li, tbody > tr, .order__item)")
    if rows.count() == 0:
        empty = page.locator("main :is(.empty, .card, form.stack)").first
        expect(empty).to_be_visible()
        assert len(empty.inner_text().split()) >= FEWEST_WORDS, empty.inner_text()
    assert_fits(page)


@pytest.mark.parametrize(
    ("who", "address"),
    [("nora", "/inbox/waiting/"), ("nora", "/me/"), ("olga", "/office/"), ("", "/accounts/login/")],
)
def test_a_page_is_as_browsers_want_it(sit: Sit, who: str, address: str) -> None:
    page = sit(who)
    answer = page.goto(address)
    assert answer
    found = page.evaluate(SOUND)
    assert (found["doctype"], found["charset"], found["language"]) == ("html", "UTF-8", "en")
    assert found["title"]
    assert "width=device-width" in found["viewport"]
    assert found["unsized"] == []
    assert found["strangers"] == []
    headers = answer.headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert_accessible(page)
