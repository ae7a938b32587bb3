"""What a customer hears of a promise on their own page: by when, and nothing of ours."""

from datetime import timedelta
from typing import Any

import time_machine
from django.test import Client
from django.utils import translation

from makegood.channels.models import Inbox
from makegood.promises.actions import Word, make_promise
from makegood.promises.told import honest_line
from makegood.team.models import Agent
from tests.gates.places import make_link
from tests.promised import MONDAY, H, a_policy, answered, written


def test_the_customer_reads_by_when_we_answer(form: Inbox) -> None:
    a_policy()
    ida = written(form, "Where is my lamp?", MONDAY)
    assert honest_line(ida, MONDAY) == "We answer by 12:00."
    with translation.override("de"):
        assert honest_line(ida, MONDAY) == "Wir antworten bis 12:00."


def test_a_time_on_another_day_says_which(form: Inbox, nora: Agent) -> None:
    ida = written(form, "Where is my lamp?", MONDAY)
    with time_machine.travel(MONDAY, tick=False):
        due = MONDAY + timedelta(days=3, hours=3)
        make_promise(ida, Word(words="I write to you", due_at=due, owner=nora), by=nora)
    assert honest_line(ida, MONDAY) == "We promised: “I write to you”, by Thursday 13:00."


def test_late_is_said_honestly(form: Inbox) -> None:
    a_policy()
    ida = written(form, "Where is my lamp?", MONDAY)
    assert "are late" in honest_line(ida, MONDAY + 3 * H)


def test_what_is_kept_or_only_ours_is_not_told(form: Inbox, nora: Agent) -> None:
    a_policy()
    ida = written(form, "Where is my lamp?", MONDAY)
    answered(ida, nora, MONDAY + H)
    assert honest_line(ida, MONDAY + H) == "", "a resolution is a target of ours"


def test_their_page_shows_the_line_and_nothing_internal(form: Inbox, client: Client) -> None:
    version = a_policy()
    ida = written(form, "Where is my lamp?", MONDAY)
    link = make_link(ida)
    with time_machine.travel(MONDAY, tick=False):
        page: Any = client.get(f"/c/{link}/", follow=True)
    words = page.content.decode()
    assert "We answer by 12:00." in words
    assert version.policy.name not in words
