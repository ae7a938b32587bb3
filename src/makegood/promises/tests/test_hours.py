"""By opening hours: counted, told, and counted anew when the hours change."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils.translation import override

from makegood.calendars.actions import Wish, save_calendar
from makegood.calendars.hours import Shift
from makegood.calendars.models import Calendar
from makegood.channels.models import Inbox
from makegood.ledger.models import Event
from makegood.promises.explaining import explain
from makegood.promises.models import PolicyVersion, Promise, Recount
from makegood.promises.recounting import count_next
from makegood.team.models import Agent
from tests.promised import MONDAY, H, a_policy, again, answered, promise, written

FRIDAY = datetime(2026, 3, 6, 14, 30, tzinfo=UTC)
DAY = (Shift(9 * 60, 17 * 60),)


def office(days: dict[date, tuple[tuple[Shift, ...], str]] | None = None) -> Wish:
    """Nine to five in Berlin, from Monday to Friday."""
    week = [DAY] * 5 + [()] * 2
    return Wish(name="Office", zone="Europe/Berlin", week=week, days=days or {})


@pytest.fixture
def hours(olga: Agent) -> Calendar:
    return save_calendar(None, office(), by=olga)


@pytest.fixture
def policy(db: None) -> PolicyVersion:
    return a_policy("hours")


def test_a_weekend_is_not_counted_and_the_words_say_so(
    form: Inbox, policy: PolicyVersion, hours: Calendar
) -> None:
    lamp = written(form, "Where is it?", FRIDAY)
    first = promise(lamp, "first_answer")
    assert first.due_at == datetime(2026, 3, 9, 8, 30, tzinfo=UTC)
    told = explain(first, FRIDAY + H)
    assert [span.length for span in told.stretches] == [
        timedelta(minutes=90),
        timedelta(minutes=30),
    ]
    assert "Office" in " ".join(told.sentences)
    assert "Fri 6 Mar, 15:30" in told.sentences[1]
    assert "Mon 9 Mar, 9:30" in told.sentences[4]
    data = told.as_json()
    assert sum(span["seconds"] for span in data["counted"]) == data["seconds"] == 7200


def test_a_holiday_moves_what_is_due_and_says_which(
    form: Inbox, policy: PolicyVersion, hours: Calendar, olga: Agent
) -> None:
    lamp = written(form, "Where is it?", FRIDAY)
    other = written(form, "And mine?", FRIDAY - 5 * H, email="karim@example.com")
    late = promise(other, "first_answer")
    with time_machine.travel(FRIDAY, tick=False):
        save_calendar(hours, office({date(2026, 3, 9): ((), "Closed")}), by=olga)
        while count_next():
            pass
    assert promise(lamp, "first_answer").due_at == datetime(2026, 3, 10, 8, 30, tzinfo=UTC)
    assert promise(other, "first_answer").due_at == late.due_at
    recount = Recount.objects.get(ended_at__isnull=False)
    moved = Event.objects.filter(kind="promise.moved").about(recount.ref)
    assert recount.moved == moved.count() == 3
    assert recount.looked_at == 4


def test_hours_that_are_set_later_count_for_what_waits(
    form: Inbox, policy: PolicyVersion, olga: Agent
) -> None:
    lamp = written(form, "Where is it?", FRIDAY)
    assert promise(lamp, "first_answer").due_at == FRIDAY + 2 * H
    with time_machine.travel(FRIDAY + H, tick=False):
        save_calendar(None, office(), by=olga)
        while count_next():
            pass
    assert promise(lamp, "first_answer").due_at == datetime(2026, 3, 9, 8, 30, tzinfo=UTC)


def test_rests_are_told(form: Inbox, policy: PolicyVersion, hours: Calendar, nora: Agent) -> None:
    lamp = written(form, "Where is it?", MONDAY)
    answered(lamp, nora, MONDAY + H)
    again(lamp, "Still not here", MONDAY + 3 * H)
    done = promise(lamp, Promise.Kind.RESOLUTION)
    words = explain(done, MONDAY + 4 * H).sentences
    assert any("rested from Mon 2 Mar, 11:00 to Mon 2 Mar, 13:00" in one for one in words)
    assert done.due_at == datetime(2026, 3, 5, 11, 0, tzinfo=UTC)


def test_days_are_written_as_each_language_writes_them(
    form: Inbox, policy: PolicyVersion, hours: Calendar
) -> None:
    one = promise(written(form, "Lamp?", FRIDAY), "first_answer")
    with override("de"):
        assert "Fr., 6. März, 15:30" in " ".join(explain(one, FRIDAY).sentences)
    assert "Fri 6 Mar, 15:30" in " ".join(explain(one, FRIDAY).sentences)
