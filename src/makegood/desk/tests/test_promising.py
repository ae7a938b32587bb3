"""Promises while somebody writes, above the conversation, and on the agent's day."""

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from makegood.calendars.actions import Wish, save_calendar
from makegood.calendars.reading import read_shifts
from makegood.conversations.models import Conversation, Message
from makegood.conversations.queries import drafts_of
from makegood.desk.promising import offers_in, quick_times, words_given
from makegood.desk.tests.asking import HTMX, signed_in
from makegood.promises.models import Meant, Promise
from makegood.promises.sentences import here_of
from makegood.team.models import Agent

TUESDAY = "2026-11-24 10:00+01:00"
FRIDAY = "2026-11-27T16:00:00+00:00"
WORDS = "I'll write again by Friday"
VALUE = f"{FRIDAY}|{WORDS}"


@pytest.fixture
def as_nora(nora: Agent) -> Client:
    return signed_in(nora)


@pytest.fixture
def shop_hours(olga: Agent) -> None:
    week = [read_shifts("9-17")] * 5 + [(), ()]
    save_calendar(None, Wish(name="Shop", zone="Europe/Berlin", week=week), by=olga)


def place(lamp: Conversation, what: str) -> str:
    return f"/conversations/{lamp.pk}/{what}/"


def post(client: Client, where: str, **data: Any) -> str:
    newest = Message.objects.order_by("-pk").values_list("pk", flat=True).first()
    answer = client.post(where, {"seen": newest, **data}, headers=HTMX)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


@pytest.mark.usefixtures("shop_hours")
def test_a_promise_in_the_words_is_offered_and_not_forced(
    lamp: Conversation, as_nora: Client
) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        shown = post(as_nora, place(lamp, "promises/found"), text=f"Dear Ida,\n{WORDS}.")
    assert f'value="{VALUE.replace(chr(39), "&#39;")}"' in shown
    assert "Fri 27 Nov, 17:00" in shown
    assert "checked" not in shown
    assert not Promise.objects.filter(kind="personal").exists()


@pytest.mark.usefixtures("shop_hours")
def test_what_was_kept_stays_kept_and_what_was_put_away_stays_away(
    lamp: Conversation, as_nora: Client
) -> None:
    where = place(lamp, "promises/found")
    with time_machine.travel(TUESDAY, tick=False):
        assert " checked" in post(as_nora, where, text=f"{WORDS}!", promise=VALUE)
        assert " checked" in post(as_nora, where, text=f"{WORDS}!", promise_kept=f"{FRIDAY}|")
        away = post(as_nora, where, text=f"{WORDS}!", promise_not=WORDS)
    assert "Fri 27 Nov" not in away
    assert 'name="promise_not"' in away


@pytest.mark.usefixtures("shop_hours")
def test_a_kept_promise_is_made_with_the_answer(
    lamp: Conversation, as_nora: Client, nora: Agent
) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        post(as_nora, place(lamp, "messages"), text=f"Dear Ida, {WORDS}.", promise=VALUE)
        page = as_nora.get(f"/conversations/{lamp.pk}/").text
        day = as_nora.get("/day/").text
    promise = Promise.objects.get(kind="personal")
    assert (promise.words, promise.owner, promise.due_at.isoformat()) == (WORDS, nora, FRIDAY)
    for shown in (page, day):
        assert WORDS.replace("'", "&#39;") in shown
        assert f"/promises/{promise.pk}/keeping/" in shown
    assert "yours" in page


@pytest.mark.usefixtures("shop_hours")
def test_words_that_do_not_leave_promise_nothing(lamp: Conversation, as_nora: Client) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        post(as_nora, place(lamp, "messages"), text="It left today.", promise=VALUE)
    assert not Promise.objects.filter(kind="personal").exists()


@pytest.mark.usefixtures("shop_hours")
def test_an_answer_for_later_promises_when_it_leaves(lamp: Conversation, as_nora: Client) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        put = {"put": "later@2026-11-24T15:00:00+01:00", "client_key": "k"}
        post(as_nora, place(lamp, "prepared"), text=f"{WORDS}.", promise=VALUE, **put)
    assert Meant.objects.get().words == WORDS
    assert not Promise.objects.filter(kind="personal").exists()


@pytest.mark.usefixtures("shop_hours")
@pytest.mark.parametrize("language", ["de", "en", "fr"])
def test_our_own_sentence_is_found_again_to_the_minute(
    lamp: Conversation, nora: Agent, language: str
) -> None:
    lamp.customer.language = language
    with time_machine.travel(TUESDAY, tick=False):
        here = here_of(lamp, nora, timezone.now())
        times = quick_times(lamp, here)
        assert len(times) >= 5
        for one in times:
            (found,) = offers_in(one.sentence, here)
            assert found.due_at == one.due_at, one.sentence
            assert found.words in one.sentence
    assert (language == "de") == ("Ich melde mich" in times[0].sentence)


def test_without_opening_hours_times_are_offered_too(lamp: Conversation, nora: Agent) -> None:
    here = here_of(lamp, nora, timezone.now())
    assert quick_times(lamp, here)


@pytest.mark.usefixtures("shop_hours")
def test_the_menu_offers_times_and_a_page_does_without_script(
    lamp: Conversation, as_nora: Client, nora: Agent
) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        menu = as_nora.get(place(lamp, "promises/times"), headers=HTMX).text
        page = as_nora.get(place(lamp, "promises/times")).text
        assert 'data-words="I will write to you again by Wednesday, 25 November, 12:00."' in menu
        assert "<h1>Promise</h1>" in page
        said = "I will write to you again by Wednesday, 25 November, 12:00."
        as_nora.post(place(lamp, "promises/sentence"), {"words": said})
    assert drafts_of(lamp, nora)["reply"].text == said


@pytest.fixture
def given(lamp: Conversation, as_nora: Client, shop_hours: None) -> Promise:
    with time_machine.travel(TUESDAY, tick=False):
        post(as_nora, place(lamp, "messages"), text=f"{WORDS}.", promise=VALUE)
    return Promise.objects.get(kind="personal")


@pytest.mark.parametrize(
    ("what", "data", "state"),
    [
        ("keeping", {}, "kept"),
        ("withdrawal", {"reason": "It was found."}, "withdrawn"),
        ("time", {"due_at": "2026-11-30T12:00", "reason": "The part is late."}, "open"),
        ("handing", {"owner": ""}, "open"),
    ],
)
def test_a_promise_is_kept_moved_handed_on_and_taken_back(
    given: Promise, as_nora: Client, what: str, data: dict[str, str], state: str
) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        headers = {**HTMX, "HX-Target": "head"}
        answer = as_nora.post(f"/promises/{given.pk}/{what}/", data, headers=headers)
    assert answer.status_code == 200
    given.refresh_from_db()
    assert given.state == state
    assert (given.owner is None) == (what == "handing")
    assert (WORDS.replace("'", "&#39;") in answer.text) == (state == "open")


@pytest.mark.parametrize(
    ("what", "data"),
    [("withdrawal", {}), ("time", {"due_at": "never"}), ("handing", {"owner": "x"})],
)
def test_what_is_not_said_is_asked_for(
    given: Promise, as_nora: Client, what: str, data: dict[str, str]
) -> None:
    answer = as_nora.post(f"/promises/{given.pk}/{what}/", data, headers=HTMX)
    assert answer.status_code in (409, 422)
    given.refresh_from_db()
    assert given.state == "open"


def test_done_on_the_day_leads_back_to_it(given: Promise, as_nora: Client) -> None:
    answer = as_nora.post(f"/promises/{given.pk}/keeping/", {"from": "day"})
    assert answer["Location"] == "/day/"
    assert WORDS not in as_nora.get("/day/").text


def test_values_that_no_page_gave_are_not_read(nora: Agent) -> None:
    odd = ["", "x|y", "2026-11-27|y", "2026-99-27T16:00:00+00:00|y", f"{FRIDAY}|", VALUE]
    assert [one.words for one in words_given(f"so {WORDS} .", odd[:5], nora)] == []
    assert [one.words for one in words_given(f"so {WORDS} .", [VALUE], nora)] == [WORDS]


@pytest.mark.usefixtures("shop_hours")
def test_nobody_promises_by_closing_on_a_day_that_never_opens(
    lamp: Conversation, nora: Agent
) -> None:
    with time_machine.travel("2026-11-28 10:00+01:00", tick=False):
        here = here_of(lamp, nora, timezone.now())
        days = {one.due_at.astimezone(here.zone).weekday() for one in quick_times(lamp, here)}
    assert days
    assert days <= {0, 1, 2, 3, 4}
