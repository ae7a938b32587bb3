"""The owner tests an inbox, reads what its domain lacks, and the desk tells of an alarm."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import assert_accessible, assert_fits
from tests.browser.conftest import PHONE, Sit
from tests.browser.shop import Shop

RECORDS = """
from datetime import timedelta
from django.utils import timezone
from makegood.channels.models import Inbox
from makegood.watch.models import Probe, Watched
from makegood.watch.probing import watched
inbox, now = Inbox.objects.get(name="Hello"), timezone.now()
spf = dict(
    name="spf", state="broken", why="spf none", values=dict(domain="lantern.example"), found="",
    put=dict(kind="TXT", name="lantern.example", value="v=spf1 include:a.example ~all"),
)
Watched.objects.filter(pk=watched(inbox).pk).update(
    records=[spf], records_at=now, next_records_at=now + timedelta(days=9),
    next_look_at=now + timedelta(days=9),
)
print(inbox.pk)
"""
LATE = """
from datetime import timedelta
from django.utils import timezone
from makegood.watch.keeping import sweep
from makegood.watch.models import Probe
Probe.objects.update(state="waiting", came_at=None, due_at=timezone.now() - timedelta(hours=1))
sweep()
"""
BACK = """
from django.utils import timezone
from makegood.watch.keeping import sweep
from makegood.watch.models import Probe, Watched
Probe.objects.update(state="came", came_at=timezone.now())
Watched.objects.update(records=[])
sweep()
"""


@pytest.fixture
def health(shop: Shop) -> str:
    return f"/office/inboxes/{shop.ask(RECORDS).strip()}/health/"


def test_an_owner_tests_an_inbox_and_the_desk_tells_of_what_is_missing(
    sit: Sit, shop: Shop, health: str
) -> None:
    olga = sit("olga")
    olga.goto(health)
    expect(olga.get_by_text("Not tested yet")).to_be_visible()
    expect(olga.get_by_text("v=spf1 include:a.example ~all")).to_be_visible()
    assert_accessible(olga)
    olga.get_by_role("button", name="Test now").click()
    expect(olga.get_by_text("The test message leaves in a moment.")).to_be_visible()
    count = "from makegood.watch.models import Probe\nprint(Probe.objects.count() or '')"
    shop.wait_for(lambda: shop.ask(count), "test message")

    shop.ask(LATE)
    olga.goto("/inbox/waiting/")
    olga.locator("#alarms").get_by_role("link").click()
    expect(olga.get_by_role("status").or_(olga.get_by_role("alert")).first).to_be_visible()
    expect(olga.get_by_text("missing").first).to_be_visible()
    assert_accessible(olga)

    shop.ask(BACK)
    olga.reload()
    expect(olga.get_by_text("comes in").first).to_be_visible()
    expect(olga.get_by_text("missing")).to_have_count(0)


def test_the_health_of_an_inbox_fits_a_phone_in_the_dark(sit: Sit, shop: Shop, health: str) -> None:
    olga = sit("olga", **PHONE, color_scheme="dark")
    olga.goto(health)
    expect(olga.get_by_role("heading", name="Records of the domain")).to_be_visible()
    assert_accessible(olga)
    assert_fits(olga)
