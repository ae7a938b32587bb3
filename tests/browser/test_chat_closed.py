"""Out of hours: the next opening, by when an answer comes, and an agent who finds it."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.axe import assert_accessible
from tests.browser.chatting import launcher, say
from tests.browser.conftest import Sit, Visit
from tests.browser.host_page import HostPage
from tests.browser.shop import Shop

CLOSE = """
from datetime import timedelta
from django.utils import timezone
from makegood.calendars.actions import Wish, save_calendar
from makegood.calendars.hours import Shift
from makegood.calendars.models import Calendar
from makegood.channels.models import Inbox
from makegood.ledger.actors import System
from makegood.promises.models import Policy, PolicyVersion
chat = Inbox.objects.get(public_id={chat!r})
calendar = Calendar.objects.get(name="Chat " + chat.ref)
now = timezone.now()
opens = (now.weekday() + 2) % 7
day, always = (Shift(9 * 60, 17 * 60),), (Shift(0, 24 * 60),)
week = [day if one == opens else () for one in range(7)] if {is_closed} else [always] * 7
wish = Wish(name=calendar.name, zone="Europe/Berlin", week=week, whose=[chat.ref])
save_calendar(calendar, wish, by=System("setup"))
targets = {{"first_answer": {{"seconds": 300, "clock": "hours"}}}}
policy, _made = Policy.objects.get_or_create(name="Five minutes of our hours", position=-20)
PolicyVersion.objects.get_or_create(
    policy=policy, number=1,
    defaults={{"targets": targets, "published_at": now}},
)
Policy.objects.filter(pk=policy.pk).update(is_on={is_closed})
"""
"""Nobody is there until the day after tomorrow, and five minutes of the hours are promised."""


@pytest.fixture
def closed(shop: Shop, host: HostPage) -> Iterator[None]:
    shop.ask(CLOSE.format(chat=host.shop, is_closed=True))
    yield
    shop.ask(CLOSE.format(chat=host.shop, is_closed=False))


def test_who_writes_out_of_hours_hears_by_when_and_is_found_by_an_agent(
    visit: Visit, sit: Sit, shop: Shop, host: HostPage, closed: None
) -> None:
    nora, question = sit("nora"), f"Is the shop open on Sundays? {uuid4().hex[:8]}"
    hello = f"/chat/{host.shop}/hello/?lang=en"
    shop.wait_for(lambda: nora.request.get(hello).json()["opens"], "opening")  # kept for seconds
    ida = visit()
    launcher(ida).click()
    expect(ida.locator(".home__intro")).to_contain_text(re.compile(r"we are back \w+day 9:00"))
    expect(ida.get_by_text("Here now")).to_have_count(0)
    assert_accessible(ida)
    ida.get_by_role("button", name="Leave a message").click()
    ida.get_by_role("button", name="Go on", exact=True).click()
    say(ida, question)
    promised = re.compile(r"We answer by \w+day \d\d:05\.")
    expect(ida.locator(".log__line")).to_have_text(promised)
    assert_accessible(ida)
    nora.goto("/inbox/waiting/")
    nora.get_by_text(question).first.click()
    expect(nora.locator("#story")).to_contain_text(question)
