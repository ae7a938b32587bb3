"""A holiday is added: the office sees which promises move, and why they are due then."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from makegood.calendars.actions import Wish, save_calendar
from makegood.calendars.hours import Shift
from makegood.calendars.models import Calendar
from makegood.channels.models import Inbox
from makegood.promises.models import Promise, Recount
from makegood.promises.recounting import count_next
from makegood.team.models import Agent
from tests.promised import H, a_policy, written

FRIDAY = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)


@pytest.fixture
def owner(client: Client, olga: Agent) -> Client:
    client.force_login(olga)
    return client


@pytest.fixture
def hours(olga: Agent) -> Calendar:
    nine_to_five = (Shift(540, 1020),)
    wish = Wish(name="Usual", zone="UTC", week=[*([nine_to_five] * 5), (), ()], is_standard=True)
    return save_calendar(None, wish, by=olga)


def closed_on_monday(owner: Client, hours: Calendar) -> Any:
    data = {f"day_{n}": "9:00–17:00" for n in range(5)} | {"name": "Usual", "zone": "UTC"}
    more = {"days": "2026-03-09 Our birthday", "is_standard": "on"}
    return owner.post(reverse("office:calendar", args=[hours.pk]), {**data, **more}, follow=True)


def test_a_day_that_is_closed_moves_what_is_due_and_says_why(
    owner: Client, hours: Calendar, form: Inbox
) -> None:
    a_policy("hours")
    lamp = written(form, "Where is it?", FRIDAY + H)
    first = Promise.objects.get(conversation=lamp, kind="first_answer")
    assert first.due_at == datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
    with time_machine.travel(FRIDAY + 1.2 * H, tick=False):
        owner.force_login(Agent.objects.get(name="Olga"))
        page = closed_on_monday(owner, hours).content.decode()
        recount = Recount.objects.get()
        there = reverse("office:recount", args=[recount.pk])
        assert there in page
        assert "every 1s" in page
        while count_next():
            pass
        part = owner.get(there, headers={"HX-Target": "recount"}).content.decode()
        whole = owner.get(reverse("office:calendar", args=[hours.pk])).content.decode()
    first.refresh_from_db()
    assert first.due_at == datetime(2026, 3, 10, 10, 0, tzinfo=UTC)
    assert "every 1s" not in part
    assert "<html" not in part
    for shown in (part, whole):
        assert "2 open promises were counted anew, 2 moved." in shown
        assert f"#{lamp.pk}" in shown
        assert "counts the opening hours “Usual”" in shown


def test_where_nothing_is_promised_nothing_is_said(owner: Client, hours: Calendar) -> None:
    assert "counted anew" not in closed_on_monday(owner, hours).content.decode()
