"""What can be expected is said where somebody waits, kept, and held against what happened."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from makegood.automatic.models import AutomaticMail
from makegood.calendars.hours import Shift as Stretch
from makegood.calendars.models import Calendar
from makegood.channels.models import Delivery, Inbox
from makegood.conversations.models import Conversation
from makegood.conversations.replying import Reply, reply_to
from makegood.conversations.tokens import make_token
from makegood.ledger.followers import catch_up
from makegood.presence.models import Presence
from makegood.team.absences import go_away
from makegood.team.models import Agent
from makegood.team.shifts import Rota, set_shifts
from makegood.waits.expecting import expected_wait, here_for
from makegood.waits.models import Expectation, Hour
from makegood.waits.queries import by_hour_of_week, calibrations
from makegood.waits.wording import for_customers, length_in_words, reasons
from tests.world import arrive, conversation_of, mail_bytes, write_form

NOW = datetime(2026, 3, 2, 9, 12, tzinfo=UTC)
MONDAYS = [date(2026, 2, 2), date(2026, 2, 9), date(2026, 2, 16), date(2026, 2, 23)]


def learned(inbox: Inbox, agents: int = 2) -> None:
    """Four weeks in which it gave ten answers in each hour of the day, with two who answered."""
    Hour.objects.bulk_create(
        Hour(
            inbox=inbox,
            week=week,
            slot=24 * day + hour,
            answers=10,
            busy_seconds=3600,
            agents=list(range(1, agents + 1)),
        )
        for week in MONDAYS
        for day in range(5)
        for hour in range(24)
    )


@pytest.fixture
def open_hours(db: None) -> Calendar:
    week = [[[540, 1020]]] * 5 + [[], []]
    return Calendar.objects.create(name="Shop", zone="Europe/Berlin", week=week, is_standard=True)


def test_nothing_is_said_of_an_inbox_that_is_not_known(form: Inbox) -> None:
    expected = expected_wait(form, NOW)
    assert not expected.is_known
    assert for_customers(expected) == ""
    assert reasons(expected) == ["We do not know yet how long an answer takes here."]


def test_who_writes_is_told_from_queue_and_pace(form: Inbox, nora: Agent) -> None:
    learned(form)
    for number in range(11):
        write_form(form, f"Number {number}", email=f"{number}@example.com", at=NOW)
    Presence.objects.create(agent=nora, page="p", seen_at=NOW)
    expected = expected_wait(form, NOW)
    assert (expected.ahead, expected.here, expected.factor) == (11, 1, 0.5)
    assert for_customers(expected) == (
        "Usually you hear from us within 3 hours; nine of ten within 4 hours."
    )
    assert reasons(expected) == [
        "11 wait.",
        "1 agent is here.",
        "One agent gives an answer about every 12 minutes.",
        "Learned from 4800 answers of the last eight weeks.",
    ]
    assert expected.as_json()["ahead"] == 11
    with translation.override("de"):
        assert for_customers(expected).startswith("Meist hören Sie innerhalb von 3 Stunden")


def test_who_is_away_or_off_shift_shortens_no_wait(form: Inbox, nora: Agent, tomas: Agent) -> None:
    with time_machine.travel(NOW, tick=False):
        for one in (nora, tomas):
            Presence.objects.create(agent=one, page="1", seen_at=NOW)
        assert here_for(form, NOW) == 2
        go_away(nora, by=nora)
        assert here_for(form, NOW) == 1
        rota = Rota(zone="UTC", week=[(Stretch(12 * 60, 17 * 60),)] + [()] * 6)
        set_shifts(tomas, rota, by=tomas)
        assert here_for(form, NOW) == 0
        assert here_for(form, NOW + timedelta(hours=4)) == 0, "nobody was seen since"
        Presence.objects.update(seen_at=NOW + timedelta(hours=4))
        assert here_for(form, NOW + timedelta(hours=4)) == 1


def test_when_closed_it_says_when_we_open_and_by_when_one_hears(
    form: Inbox, open_hours: Calendar
) -> None:
    learned(form)
    evening = NOW + timedelta(hours=10)
    expected = expected_wait(form, evening)
    assert for_customers(expected) == "Nine of ten hear from us by Tuesday 9:30."
    assert "Closed until Tuesday 9:00." in reasons(expected)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "5 minutes"), (46, "1 hour"), (61, "2 hours"), (1440, "24 hours"), (1441, "2 days")],
)
def test_lengths_are_rounded_up(minutes: int, words: str) -> None:
    assert length_in_words(timedelta(minutes=minutes)) == words


def test_what_was_told_is_kept_once_and_held_against_what_happened(
    form: Inbox, nora: Agent
) -> None:
    learned(form)
    with time_machine.travel(NOW, tick=False):
        first = conversation_of(write_form(form, "Where is my lamp?", at=NOW))
        write_form(form, "And the red?", at=NOW + timedelta(seconds=1), email="k@example.com")
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        reply_to(first, Reply(text="It left on Friday."), by=nora)
        catch_up("waits")
    told = Expectation.objects.order_by("message")
    assert [(one.ahead, one.end) for one in told] == [(0, "answered"), (1, "")]
    assert told[0].work == pytest.approx(10 * told[0].factor, rel=0.05)
    later = NOW + timedelta(days=2)
    found = calibrations([form.pk], later)[form.pk]
    assert (found.n, found.within_median, found.within_most) == (2, 0, 0)


def test_the_first_answer_by_itself_says_how_long(mailbox: Inbox, nora: Agent) -> None:
    learned(mailbox)
    mailbox.settings = mailbox.settings | {"acknowledgement": "We have it."}
    mailbox.save()
    with time_machine.travel(NOW, tick=False):
        arrive(mailbox, mail_bytes("Where is it?"), at=NOW, **{"from": "ida@example.com"})
    line = "Usually you hear from us within"
    mails = AutomaticMail.objects.filter(state="queued")
    texts = [one.outgoing["text"] for one in Delivery.objects.all()]
    assert [line in text for text in texts] == [True] * mails.count()
    assert Expectation.objects.count() == 1


@pytest.mark.parametrize("is_hidden", [False, True])
def test_the_form_and_the_private_page_say_it(form: Inbox, client: Client, is_hidden: bool) -> None:
    learned(form)
    form.settings = form.settings | {"hides_waits": is_hidden}
    form.save()
    with time_machine.travel(NOW, tick=False):
        lamp = conversation_of(write_form(form, "Where is my lamp?", at=NOW))
        page = client.get(f"/write/{form.public_id}/").content.decode()
        assert ("nine of ten within" in page.lower()) is not is_hidden
        handle = lamp.messages.get().handle
        assert handle is not None
        token = make_token(lamp, handle, "link")
        client.post(f"/c/{token}/confirmation/")
        page = client.get(f"/c/{token}/").content.decode()
        assert ("nine of ten within" in page.lower()) is not is_hidden


def test_hours_of_the_week_are_summed_up_for_whoever_may_see_them(
    form: Inbox, mailbox: Inbox, nora: Agent, vera: Agent, django_assert_max_num_queries: Any
) -> None:
    learned(form)
    asked: dict[str, Any] = {"since": MONDAYS[0], "until": MONDAYS[-1]}
    with django_assert_max_num_queries(4):
        slots = by_hour_of_week(nora, **asked)
    assert len(slots) == 168
    assert (slots[33].weekday, slots[33].hour, slots[33].answers) == (1, 9, 40)
    assert sum(one.answers for one in by_hour_of_week(vera, **asked)) == 0
    assert sum(one.answers for one in by_hour_of_week(nora, channel="email", **asked)) == 0


def test_the_office_shows_what_became_of_it(
    form: Inbox, nora: Agent, olga: Agent, client: Client
) -> None:
    learned(form)
    Expectation.objects.bulk_create(
        Expectation(
            message=1000 + number,
            conversation=conversation_of(write_form(form, f"{number}", at=NOW)),
            inbox=form,
            told_at=NOW - timedelta(days=2),
            ahead=0,
            median_seconds=600,
            most_seconds=3600,
            ended_at=NOW - timedelta(days=2) + timedelta(minutes=minutes),
            end="answered",
            work=1,
        )
        for number, minutes in enumerate([5, 30, 30, 90])
    )
    client.force_login(olga)
    with time_machine.travel(NOW, tick=False):
        page = client.get("/office/waits/").content.decode()
    assert "25 % within" in page
    assert "75 % within" in page
    assert "of 4 messages of the last 30 days" in page


def test_somebody_further_behind_waits_longer(form: Inbox) -> None:
    learned(form)
    lengths = []
    for number in range(3):
        expected = expected_wait(form, NOW)
        assert expected.most_at is not None
        lengths.append(expected.most_at)
        write_form(form, f"Number {number}", email=f"{number}@example.com", at=NOW)
    assert lengths == sorted(lengths)
    assert len(set(lengths)) == 3
    assert Conversation.objects.count() == 3


def test_agents_see_what_customers_can_expect(
    form: Inbox, nora: Agent, vera: Agent, client: Client
) -> None:
    learned(form)
    client.force_login(nora)
    with time_machine.travel(NOW, tick=False):
        lamp = conversation_of(write_form(form, "Where is my lamp?", at=NOW))
        line = client.get("/expected/").content.decode()
        assert "1 waits" in line
        assert "Form" in line
        pane = client.get(f"/conversations/{lamp.pk}/customer/").content.decode()
        assert "with 0 before them" in pane
        client.force_login(vera)
        assert "Form" not in client.get("/expected/").content.decode()
