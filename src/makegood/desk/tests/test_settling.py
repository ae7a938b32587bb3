"""How urgent, spam, and until when: by the pages of one conversation."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from makegood.conversations.models import Conversation
from makegood.conversations.resting import snooze_conversation, wake_due
from makegood.desk.tests.asking import HTMX, signed_in
from makegood.ledger.models import Event
from makegood.team.actions import set_time_zone


@pytest.fixture
def as_nora(nora: Any) -> Client:
    return signed_in(nora)


def fresh(lamp: Conversation) -> Conversation:
    lamp.refresh_from_db()
    return lamp


def act(client: Client, lamp: Conversation, do: str, words: str = "") -> Any:
    said = {"do": do, "with": words, "seen": fresh(lamp).last_message}
    return client.post(f"/conversations/{lamp.pk}/acts/", said)


def test_what_is_urgent_bears_a_mark_in_list_and_head(lamp: Conversation, as_nora: Client) -> None:
    plain = as_nora.get("/inbox/waiting/").content.decode()
    act(as_nora, lamp, "priority", "urgent")
    marked = as_nora.get("/inbox/waiting/").content.decode()
    mark = '<use href="#flag"' if '<use href="#flag"' in marked else "urgent"
    assert marked.count(mark) > plain.count(mark)
    page = as_nora.get(f"/conversations/{lamp.pk}/").content.decode()
    assert 'value="urgent" aria-current="true"' in page
    assert "set the priority from normal to urgent" in page


def test_spam_leaves_the_list_and_comes_back(lamp: Conversation, as_nora: Client) -> None:
    row = f'id="row-{lamp.pk}"'
    act(as_nora, lamp, "spam")
    assert row not in as_nora.get("/inbox/open/").content.decode()
    assert row in as_nora.get("/inbox/spam/").content.decode()
    page = as_nora.get(f"/conversations/{lamp.pk}/").content.decode()
    assert "Not spam" in page
    assert "Say first that it is not" in page
    act(as_nora, lamp, "wanted")
    assert row in as_nora.get("/inbox/open/").content.decode()


@time_machine.travel("2026-12-01T20:30:00Z", tick=False)  # a Tuesday; half past five in Tokyo
@pytest.mark.parametrize(
    ("zone", "word", "wakes"),
    [
        ("", "tomorrow", datetime(2026, 12, 2, 8, tzinfo=UTC)),
        ("Asia/Tokyo", "tomorrow", datetime(2026, 12, 3, 0, tzinfo=UTC)),
        ("Asia/Tokyo", "later", datetime(2026, 12, 1, 23, 30, tzinfo=UTC)),
        ("Asia/Tokyo", "monday", datetime(2026, 12, 7, 0, tzinfo=UTC)),
        ("America/New_York", "week", datetime(2026, 12, 8, 14, tzinfo=UTC)),
    ],
)
def test_offered_times_are_meant_by_the_agents_clock(
    zone: str, word: str, wakes: datetime, lamp: Conversation, nora: Any, as_nora: Client
) -> None:
    set_time_zone(nora, zone)
    as_nora.post(f"/conversations/{lamp.pk}/rest/", {"what": word})
    assert fresh(lamp).snoozed_until == wakes


def test_typed_times_are_meant_by_the_agents_clock(
    lamp: Conversation, nora: Any, as_nora: Client
) -> None:
    as_nora.post("/me/time-zone/", {"zone": "Asia/Tokyo"})
    as_nora.post(f"/conversations/{lamp.pk}/rest/", {"until": "2031-01-01T09:00"})
    assert fresh(lamp).snoozed_until == datetime(2031, 1, 1, tzinfo=UTC)
    told = Event.objects.get(kind="agent.time_zone_set").facts
    assert told == {"before": "", "after": "Asia/Tokyo"}


def test_a_place_that_there_is_not_has_no_clock(nora: Any, as_nora: Client) -> None:
    answer = as_nora.post("/me/time-zone/", {"zone": "Mars/Olympus"})
    assert answer.status_code == 409
    assert "no time zone" in answer.content.decode()


def test_it_rests_until_something_happens(lamp: Conversation, as_nora: Client) -> None:
    as_nora.post(f"/conversations/{lamp.pk}/rest/", {"what": "customer"})
    assert (fresh(lamp).status, lamp.snoozed_until) == ("snoozed", None)
    page = as_nora.get(f"/conversations/{lamp.pk}/").content.decode()
    assert "snoozed until they write" in page
    assert f'id="row-{lamp.pk}"' in as_nora.get("/inbox/snoozed/").content.decode()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"until": "2020-01-01T09:00"}, "still to come"),
        ({"after": "999999"}, "no conversation #999999"),
        ({"after": "me"}, "Say until when"),
        ({"what": "soon"}, "Say until when"),
    ],
)
def test_a_rest_that_makes_no_sense_is_asked_for_again(
    said: dict[str, str], words: str, lamp: Conversation, as_nora: Client
) -> None:
    answer = as_nora.post(f"/conversations/{lamp.pk}/rest/", said)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert fresh(lamp).status == "open"


def test_why_it_woke_is_said(lamp: Conversation, nora: Any, as_nora: Client) -> None:
    until = timezone.now() + timedelta(hours=1)
    snooze_conversation(lamp, until=until, by=nora)
    wake_due(until)
    page = as_nora.get(f"/conversations/{lamp.pk}/").content.decode()
    assert "woke: its time has come" in page
    assert "This woke up: its time has come" in page


def test_what_nobody_owns_is_taken_by_one_click(
    lamp: Conversation, nora: Any, as_nora: Client
) -> None:
    address = f"/conversations/{lamp.pk}/"
    assert "Nobody owns this." in as_nora.get(address).content.decode()
    act(as_nora, lamp, "assign", "me")
    assert fresh(lamp).assignee == nora
    assert "Nobody owns this." not in as_nora.get(address).content.decode()


@pytest.mark.parametrize("do", ["reply", "note", "forward", "later", "approval"])
def test_nothing_is_said_by_the_door_of_the_palette(lamp: Conversation, nora: Any, do: str) -> None:
    """It asks neither what was read nor whether it was pressed twice."""
    words = "help@parcels.example\nHello" if do == "forward" else "3h\nHello"
    answer = signed_in(nora).post(
        f"/conversations/{lamp.pk}/acts/", {"do": do, "with": words}, headers=HTMX
    )
    assert answer.status_code == 409
    assert lamp.notes.count() + lamp.messages.count() == 1
