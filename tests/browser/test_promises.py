"""A lead sees what is at risk, why it is due then, and gives it to somebody."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, WIDE, Sit
from tests.browser.shop import Shop

PROMISED = """
from datetime import timedelta
from django.utils import timezone
from makegood.conversations.models import Conversation
from makegood.promises.models import Policy, PolicyVersion, Promise, Rest
from makegood.promises.actions import Word, make_promise
from makegood.promises.standing import Standing
from makegood.team.models import Agent
now = timezone.now()
policy, _made = Policy.objects.get_or_create(name="Everybody", defaults={{"position": -9}})
targets = {{"first_answer": {{"seconds": 7200, "clock": "always"}}}}
version, _made = PolicyVersion.objects.get_or_create(
    policy=policy, number=1, defaults={{"targets": targets, "published_at": now}}
)
def owed(pk, minutes, state="open"):
    since = now - timedelta(minutes=120 - minutes)
    Promise.objects.filter(conversation=pk).delete()
    one = Promise(
        kind="first_answer", conversation_id=pk, made_by=policy.ref, made_at=since, since=since,
        seconds=7200, clock="always", version=version, warned_at=now,
    )
    Standing(one, None).reckon()
    one.state = state
    one.broken_at = one.due_at if state == "broken" else None
    one.next_at = None
    one.save()
    return one
risk, broken, calm = (Conversation.objects.get(pk=pk) for pk in ({risk}, {broken}, {calm}))
owed(risk.pk, 14), owed(broken.pk, -47, "broken")
Promise.objects.filter(conversation=calm).delete()
nora = Agent.objects.get(name__startswith="Nora")
word = Word(words="I write to you when it left", due_at=now + timedelta(hours=26), owner=nora)
make_promise(calm, word, by=nora)
"""


@pytest.fixture
def matters(request: pytest.FixtureRequest, shop: Shop) -> dict[str, int]:
    """Three customers: one at risk, one broken, one who has time."""
    name = request.node.name
    found = {
        "risk": shop.conversation_about(f"Where is it: {name}"),
        "broken": shop.conversation_about(f"Charged twice: {name}"),
        "calm": shop.conversation_about(f"A second one: {name}"),
    }
    shop.ask(PROMISED.format(**found))
    return found


def test_a_lead_sees_what_is_at_risk_and_gives_it_away(
    matters: dict[str, int], sit: Sit, shop: Shop
) -> None:
    olga = sit("olga")
    olga.goto("/lead/")
    expect(olga.get_by_role("heading", name="What to do now")).to_be_visible()
    row = olga.locator(".due", has_text=f"#{matters['risk']}")
    expect(row).to_contain_text("at risk")
    row.locator("summary", has_text="Why then?").click()
    expect(row.get_by_text("So it is due on")).to_be_visible()
    olga.keyboard.press("Escape")
    row.locator("summary", has_text="Nobody yet").click()
    row.get_by_role("button", name="Nora").click()
    expect(row.locator("summary", has_text="Nora")).to_be_visible()
    olga.get_by_role("link", name="broken, still to do").click()
    expect(olga.locator(f"#row-{matters['broken']}")).to_contain_text("late")


def test_the_list_is_walked_by_keys_and_stays_right_by_itself(
    matters: dict[str, int], sit: Sit, shop: Shop
) -> None:
    nora = sit("nora")
    nora.goto("/promises/")
    expect(nora.locator("live-feed")).to_have_attribute("state", "live")
    row = nora.locator(".due", has_text=f"#{matters['broken']}")
    expect(row).to_contain_text("broken")
    expect(nora.locator("#promise-count .rail__number")).to_be_visible()
    nora.keyboard.press("j")
    expect(nora.locator("[data-row]:focus")).to_have_count(1)
    nora.keyboard.press("Enter")
    expect(nora.locator(".promised__one").first).to_be_visible()


def test_a_promise_is_said_kept_and_found_again_by_keys_alone(
    matters: dict[str, int], sit: Sit
) -> None:
    nora = sit("nora")
    nora.goto(f"/conversations/{matters['risk']}/")
    expect(nora.locator("live-feed").first).to_have_attribute("state", "live")
    nora.keyboard.press("r")
    expect(nora.locator("#reply-text")).to_be_focused()
    nora.keyboard.type("I'll write by Thursday noon")
    expect(nora.locator(".offers__one")).to_contain_text("12:00")
    nora.keyboard.press("Tab")
    nora.keyboard.press("Space")
    expect(nora.get_by_label("Promise it")).to_be_checked()
    nora.keyboard.press("Control+Enter")
    expect(nora.locator("#given")).to_contain_text("I'll write by Thursday noon")
    nora.keyboard.press("Escape")
    nora.keyboard.press("g")
    nora.keyboard.press("d")
    expect(nora.get_by_role("heading", name="My day")).to_be_visible()
    expect(nora.get_by_role("link", name="I'll write by Thursday noon").first).to_be_visible()


def test_a_time_is_chosen_from_a_menu_that_opens_by_its_key(
    matters: dict[str, int], sit: Sit
) -> None:
    nora = sit("nora")
    nora.goto(f"/conversations/{matters['calm']}/")
    expect(nora.locator("#reply-text")).to_be_attached()
    nora.keyboard.press("v")
    times = nora.locator("#promise-sheet [data-words]")
    expect(times.first).to_be_focused()
    box = nora.locator("#promise-sheet").bounding_box()
    assert box
    assert box["y"] > 0
    assert box["y"] + box["height"] < WIDE["viewport"]["height"]
    nora.keyboard.press("Enter")
    expect(nora.locator("#reply-text")).to_have_value(re.compile("I will write to you again by"))
    expect(nora.get_by_label("Promise it")).to_be_checked()


def test_every_page_of_promises_can_be_looked_at(
    matters: dict[str, int], sit: Sit, shop: Shop
) -> None:
    for kind, options in (("wide", {}), ("phone", PHONE)):
        for theme in ("light", "dark"):
            page = sit("olga", color_scheme=theme, **options)
            for name, address in (
                ("promises", "/promises/"),
                ("lead", "/lead/"),
                ("conversation", f"/conversations/{matters['risk']}/"),
                ("inbox", "/inbox/waiting/"),
            ):
                page.goto(address)
                expect(page.get_by_role("heading", level=1).first).to_be_attached()
                assert _fits(page), f"{address} is wider than a {kind} screen"
                _picture(page, f"{name}-{kind}-{theme}")
            page.goto("/promises/")
            row = page.locator(".due", has_text=f"#{matters['broken']}")
            row.locator("summary", has_text="Why then?").click()
            expect(row.locator(".clock-strip")).to_be_visible()
            _picture(page, f"why-{kind}-{theme}")


def _fits(page: Page) -> bool:
    words = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    return bool(page.evaluate(words))


def _picture(page: Page, name: str) -> None:
    """Left to be looked at, where somebody asks for pictures."""
    folder = os.environ.get("MAKEGOOD_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")
