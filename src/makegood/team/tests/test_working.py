"""Shifts, absences and capacity: what agents say of when and how much they work."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from makegood.calendars.hours import Shift
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.team.absences import absence_of, come_back, go_away
from makegood.team.capacity import MOST, Room, room_of, set_capacity
from makegood.team.models import Absence
from makegood.team.shifts import Rota, is_on_shift, rota_of, set_shifts

NINE_TO_FIVE = (Shift(540, 1020),)
NIGHT = (Shift(1320, 1800),)
WEEK = [*[NINE_TO_FIVE] * 5, (), ()]
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def test_shifts_are_kept_as_they_were_said(nora: Any, olga: Any) -> None:
    rota = Rota(zone="Europe/Berlin", week=WEEK, dates={date(2026, 3, 4): ()})
    set_shifts(nora, rota, by=olga)

    assert rota_of(nora) == rota
    set_shifts(nora, rota, by=olga)
    assert Event.objects.about(nora.ref).filter(kind="agent.shifts_set").count() == 1


def test_a_shift_is_by_the_clock_of_its_zone(nora: Any, olga: Any) -> None:
    set_shifts(nora, Rota(zone="Europe/Berlin", week=WEEK), by=olga)
    rota = rota_of(nora)

    assert is_on_shift(rota, MONDAY.replace(hour=8, minute=30))
    assert not is_on_shift(rota, MONDAY.replace(hour=16, minute=30))


def test_a_night_shift_runs_into_the_next_day() -> None:
    rota = Rota(zone="UTC", week=[NIGHT, *[()] * 6])

    assert is_on_shift(rota, MONDAY + timedelta(hours=29))
    assert not is_on_shift(rota, MONDAY + timedelta(hours=31))


def test_a_date_goes_before_its_weekday() -> None:
    rota = Rota(zone="UTC", week=WEEK, dates={MONDAY.date(): ()})

    assert not is_on_shift(rota, MONDAY.replace(hour=10))
    assert is_on_shift(rota, MONDAY.replace(hour=10) + timedelta(days=1))


def test_of_whom_nothing_is_said_works_whenever_they_are_here(nora: Any) -> None:
    assert is_on_shift(rota_of(nora), MONDAY)


def test_an_unknown_zone_is_refused(nora: Any, olga: Any) -> None:
    with pytest.raises(Refused, match="no time zone"):
        set_shifts(nora, Rota(zone="Mars/Olympus", week=WEEK), by=olga)


def test_who_is_away_until_a_time_is_here_again_then(nora: Any) -> None:
    until = timezone.now() + timedelta(hours=2)
    go_away(nora, until=until, by=nora)

    assert absence_of(nora, timezone.now()) is not None
    assert absence_of(nora, until) is None


def test_who_comes_back_is_here_and_it_is_told_once(nora: Any) -> None:
    go_away(nora, by=nora)
    come_back(nora, by=nora)
    come_back(nora, by=nora)

    assert absence_of(nora, timezone.now()) is None
    kinds = [event.kind for event in Event.objects.about(nora.ref).order_by("pk")]
    assert kinds[-2:] == ["agent.went_away", "agent.came_back"]


def test_who_goes_again_after_their_time_ran_out_is_away_anew(nora: Any) -> None:
    go_away(nora, until=timezone.now() + timedelta(minutes=5), by=nora)
    with time_machine.travel(timezone.now() + timedelta(minutes=30)):
        go_away(nora, by=nora)
        assert absence_of(nora, timezone.now()) is not None
    assert Absence.objects.filter(agent=nora).count() == 2


def test_a_time_that_is_over_is_refused(nora: Any) -> None:
    with pytest.raises(Refused, match="still to come"):
        go_away(nora, until=timezone.now() - timedelta(minutes=1), by=nora)


def test_who_has_no_capacity_of_their_own_has_the_houses(nora: Any, olga: Any) -> None:
    assert room_of(nora).most == MOST
    assert room_of(nora).weight("chat") == 3

    set_capacity(nora, Room(most=5, weights={"chat": 2}), by=olga)
    assert (room_of(nora).most, room_of(nora).weight("chat")) == (5, 2)
    assert room_of(nora).weight("email") == 1


def test_a_capacity_beyond_all_measure_is_refused(nora: Any, olga: Any) -> None:
    with pytest.raises(Refused):
        set_capacity(nora, Room(most=100_000), by=olga)
    with pytest.raises(Refused):
        set_capacity(nora, Room(most=5, weights={"chat": 0}), by=olga)
