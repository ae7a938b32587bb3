"""What the chat says of who is there: by the hours, and by who is at the desk."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from makegood.calendars.actions import Wish, save_calendar
from makegood.calendars.hours import Shift
from makegood.channels.models import Inbox
from makegood.chat.models import Visitor
from makegood.chat.queries import conversation_of
from makegood.portal.chat.greeting import forget_greetings, greeting
from makegood.portal.tests.test_chat import Browser
from makegood.presence.actions import Spot, beat
from makegood.presence.models import Presence
from makegood.presence.queries import AWAY
from makegood.promises.models import Promise
from makegood.team.absences import go_away
from makegood.team.models import Agent
from tests.promised import a_policy

FRIDAY_NOON, FRIDAY_NIGHT = "2026-11-20 12:00+01:00", "2026-11-20 23:00+01:00"
INVITATION = {"key": "invitation-1", "words": {"en": "Can we help?"}, "page": "", "seconds": 5,
              "cart": None, "returning": False, "days": 1}  # fmt: skip


@pytest.fixture(autouse=True)
def fresh() -> None:
    forget_greetings()


def told(chat: Inbox) -> Any:
    forget_greetings()
    return greeting(chat, "en")


def opened(chat: Inbox, olga: Agent) -> None:
    week = [(Shift(540, 1020),)] * 5 + [()] * 2
    wish = Wish(name="Shop", zone="Europe/Berlin", week=week, whose=[chat.ref])
    save_calendar(None, wish, by=olga)


def standing(chat: Inbox) -> tuple[bool, bool]:
    found = told(chat)
    return found["is_open"], found["is_here"]


@pytest.mark.parametrize(
    ("has_hours", "now", "is_there", "expected"),
    [
        (True, FRIDAY_NOON, True, (True, True)),
        (True, FRIDAY_NOON, False, (True, False)),
        (True, FRIDAY_NIGHT, True, (False, False)),
        (True, FRIDAY_NIGHT, False, (False, False)),
        (False, FRIDAY_NOON, True, (True, True)),
        (False, FRIDAY_NIGHT, True, (True, True)),
        (False, FRIDAY_NOON, False, (False, False)),
    ],
)
def test_here_now_is_said_only_where_somebody_is(
    chat: Inbox, olga: Agent, nora: Agent, has_hours: bool, now: str, is_there: bool,
    expected: tuple[bool, bool],
) -> None:  # fmt: skip
    if has_hours:
        opened(chat, olga)
    with time_machine.travel(now, tick=False):
        if is_there:
            beat("page-of-nora", Spot(), by=nora)
        assert standing(chat) == expected


def test_whoever_left_the_desk_is_there_for_some_minutes_more(chat: Inbox, nora: Agent) -> None:
    beat("page-of-nora", Spot(), by=nora)
    Presence.objects.update(seen_at=timezone.now() - AWAY / 2)
    assert standing(chat) == (True, True)
    Presence.objects.update(seen_at=timezone.now() - AWAY)
    assert standing(chat) == (False, False)


def test_whoever_is_absent_or_of_another_team_does_not_count(
    chat: Inbox, nora: Agent, vera: Agent
) -> None:
    beat("page-of-vera", Spot(), by=vera)
    assert standing(chat) == (False, False)
    beat("page-of-nora", Spot(), by=nora)
    assert standing(chat) == (True, True)
    go_away(nora, by=nora)
    assert standing(chat) == (False, False)


def test_nobody_is_invited_where_nobody_is(chat: Inbox, olga: Agent, nora: Agent) -> None:
    opened(chat, olga)
    chat.settings["chat"] = {"invitations": [INVITATION]}
    chat.save()
    with time_machine.travel(FRIDAY_NOON, tick=False):
        assert told(chat)["invitations"] == []
        beat("page-of-nora", Spot(), by=nora)
        assert len(told(chat)["invitations"]) == 1


def test_what_is_said_when_it_is_closed_is_answered_by_a_time_that_is_told(
    chat: Inbox, olga: Agent, client: Client
) -> None:
    opened(chat, olga)
    a_policy(clock="hours")
    with time_machine.travel(FRIDAY_NIGHT, tick=False):
        ida = Browser(chat)
        ida.say("Is somebody there?")
        due_at = Promise.objects.get(
            conversation=conversation_of(Visitor.objects.get()), kind="first_answer"
        ).due_at
        assert due_at - timezone.now() > timedelta(days=2)
        assert ida.read()["wait"].startswith("We answer by Monday 11:")


def test_the_call_is_offered_with_its_first_free_time(chat: Inbox, olga: Agent) -> None:
    opened(chat, olga)
    for now, words in ((FRIDAY_NOON, "12:30"), (FRIDAY_NIGHT, "Monday 9:00")):
        with time_machine.travel(now, tick=False):
            ways = {one["kind"]: one["label"] for one in told(chat)["ways"]}
            assert ways["callback"] == f"Ask for a call (free from {words})"
