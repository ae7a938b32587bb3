"""A policy is drafted, looked at and published; a closed day moves what is due, and says why."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Sit
from tests.browser.shop import Shop


def test_a_policy_is_drafted_previewed_and_published(sit: Sit, shop: Shop) -> None:
    shop.conversation_about("The red lantern", "Where is it?")
    olga = sit("olga")
    olga.goto("/office/policies/")
    olga.get_by_role("link", name="New policy").click()
    olga.get_by_label("Name").fill("Lanterns")
    condition = olga.get_by_role("combobox", name="When it holds")
    condition.fill("channel:em")
    expect(olga.locator("#ask-options [role=option]").first).to_contain_text("email")
    condition.fill("channel:email")
    condition.press("Escape")
    olga.get_by_label("first answer").fill("30")
    olga.get_by_role("button", name="Save as draft").click()
    expect(olga.locator(".policy__draft")).to_contain_text("The first answer comes within")
    olga.get_by_role("button", name="What it would have done").click()
    expect(olga.locator("#preview [role=status]")).to_contain_text("looked at.")
    expect(olga.locator("#preview table")).to_contain_text("first answer")
    olga.get_by_role("link", name="Back to the policy").click()
    olga.get_by_role("button", name="Publish").click()
    expect(olga.locator(".page__intro")).to_contain_text("In force: version 1")
    olga.get_by_role("button", name="Switch off").click()
    expect(olga.locator(".page__intro")).to_contain_text("Switched off")


NO_HOURS = (
    "from makegood.calendars.models import Calendar\n"
    "print(Calendar.objects.filter(name='Browser hours').delete()[0])"
)


@pytest.fixture
def hours(shop: Shop) -> Iterator[str]:
    """Opening hours of this test alone: the others know of none."""
    yield "Browser hours"
    shop.ask(NO_HOURS)


def test_a_closed_day_moves_what_is_due_and_says_why(sit: Sit, shop: Shop, hours: str) -> None:
    olga = sit("olga")
    olga.goto("/office/hours/new/")
    olga.get_by_label("Name").fill(hours)
    olga.get_by_label("Time zone").fill("UTC")
    for day in range(7):
        olga.locator(f"[name=day_{day}]").fill("0:30–23:30")
    olga.locator("[name=is_standard]").check()
    olga.get_by_role("button", name="Save", exact=True).click()
    expect(olga.locator("h1")).to_have_text(hours)
    shop.conversation_about("The violet lantern", "Where is it?")
    today = datetime.now(UTC).date()
    days = [today + timedelta(days=n) for n in range(4)]
    olga.locator("[name=days]").fill("\n".join(f"{day} Away" for day in days))
    olga.get_by_role("button", name="Save", exact=True).click()
    recount = olga.locator("#recount")
    expect(recount).to_contain_text("moved.")
    # The shop holds more than the list shows: whichever stands first says why.
    moved = recount.locator("li").first
    moved.get_by_text("Why then").click()
    expect(moved).to_contain_text(f"counts the opening hours “{hours}”")
