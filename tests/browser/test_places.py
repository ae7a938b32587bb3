"""Where one is stands in sight: the office's list on a phone, and whether one is here or away."""

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Sit


def test_on_a_phone_the_list_of_the_office_shows_the_place_that_is_open(sit: Sit) -> None:
    olga = sit("olga", **PHONE)
    olga.goto("/office/history/")
    here = olga.locator(".rooms > .views [aria-current=page]")
    expect(here).to_be_in_viewport(ratio=0.9)


def test_what_is_only_heard_makes_no_page_longer_than_the_phone(sit: Sit) -> None:
    olga = sit("olga", **PHONE)
    olga.goto("/office/rules/")
    olga.get_by_role("button", name="Begin with examples, all off").click()
    expect(olga.get_by_text("hours:closed")).to_be_visible()
    assert olga.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_who_says_that_they_are_away_reads_it_on_the_button(sit: Sit) -> None:
    olga = sit("olga")
    olga.goto("/inbox/waiting/")
    button, sheet = olga.locator("#standing-menu summary"), olga.locator("#standing-sheet")
    button.click()
    sheet.get_by_role("button", name="Away", exact=True).click()
    expect(sheet).to_be_hidden()
    expect(button).to_contain_text("Away")
    button.click()
    sheet.get_by_role("button", name="Here").click()
    expect(sheet).to_be_hidden()
    expect(button).not_to_contain_text("Away")
