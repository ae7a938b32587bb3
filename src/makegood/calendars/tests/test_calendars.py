from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from makegood.calendars.actions import Wish, delete_calendar, save_calendar
from makegood.calendars.free_days import region_names, regions_by_country
from makegood.calendars.hours import Shift, Span
from makegood.calendars.models import Calendar
from makegood.calendars.queries import calendar_of, different_days, hours_in, hours_of
from makegood.calendars.reading import read_closures, read_days, read_shifts, say_shifts
from makegood.calendars.telling import State, state_of
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.team.models import Agent

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
NINE_TO_FIVE = (Shift(540, 1020),)
WEEKDAYS = [NINE_TO_FIVE] * 5 + [(), ()]


def wish(**more: object) -> Wish:
    return replace(Wish(name="Shop", zone="Europe/Berlin", week=WEEKDAYS), **more)  # type: ignore[arg-type]


@pytest.fixture
def shop(olga: Agent) -> Calendar:
    return save_calendar(None, wish(), by=olga)


def at(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=BERLIN)


# ── Read and said ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "read", "again"),
    [
        ("9-17", ((540, 1020),), "9:00–17:00"),
        ("9:00–12:00, 13.30–17:45", ((540, 720), (810, 1065)), "9:00–12:00, 13:30–17:45"),
        ("13-17; 9-12,", ((540, 720), (780, 1020)), "9:00–12:00, 13:00–17:00"),
        ("22:00 - 6:00", ((1320, 1800),), "22:00–6:00"),
        ("18-24", ((1080, 1440),), "18:00–24:00"),
        ("18-0", ((1080, 1440),), "18:00–24:00"),
        ("always", ((0, 1440),), "always"),
        ("0-24", ((0, 1440),), "always"),
        ("closed", (), ""),
        ("  ", (), ""),
    ],
)
def test_hours_are_read_as_people_write_them(
    said: str, read: tuple[tuple[int, int], ...], again: str
) -> None:
    shifts = tuple(Shift(*pair) for pair in read)
    assert read_shifts(said) == shifts
    assert say_shifts(shifts) == again
    assert read_shifts(again) == shifts


@pytest.mark.parametrize(
    "said", ["9 to 5", "25-26", "9:75-12", "24-3", "9-", "x" * 999, "9-10," * 13]
)
def test_what_is_not_hours_is_refused_in_words(said: str) -> None:
    with pytest.raises(Refused):
        read_shifts(said)


def test_different_days_are_read_a_line_each() -> None:
    said = "2026-12-24 9-12, 13-14 Christmas Eve\n2026-12-27..2026-12-28 closed Stock\n\n2027-01-02"
    assert read_days(said) == {
        date(2026, 12, 24): ((Shift(540, 720), Shift(780, 840)), "Christmas Eve"),
        date(2026, 12, 27): ((), "Stock"),
        date(2026, 12, 28): ((), "Stock"),
        date(2027, 1, 2): ((), ""),
    }


@pytest.mark.parametrize(
    "said", ["tomorrow", "2026-02-30", "2026-12-28..2026-12-27", "2026-01-01..2027-01-01"]
)
def test_a_day_that_is_none_is_refused(said: str) -> None:
    with pytest.raises(Refused):
        read_days(said)


def test_closures_are_read_by_the_zones_own_clock() -> None:
    ((span, words),) = read_closures("2026-12-01 14:00 2026-12-01 16:30 Stock taking", BERLIN)
    assert span == Span(at("2026-12-01 14:00"), at("2026-12-01 16:30"))
    assert words == "Stock taking"
    for wrong in ("2026-12-01 14:00", "2026-12-01 14:00 2026-12-01 13:00", "a b c d"):
        with pytest.raises(Refused):
            read_closures(wrong, BERLIN)


# ── Kept ─────────────────────────────────────────────────────────────────────


def test_what_is_saved_counts_time_and_its_event_tells_before_and_after(
    shop: Calendar, olga: Agent
) -> None:
    closed = Span(at("2026-12-01 14:00").astimezone(UTC), at("2026-12-01 16:00").astimezone(UTC))
    days = {date(2026, 12, 24): ((Shift(540, 720),), "Christmas Eve")}
    changed = wish(name="Desk", country="DE", region="BY", days=days, closures=[(closed, "Stock")])
    save_calendar(shop, changed, by=olga)
    hours = hours_of("inbox:1")
    assert hours is not None
    assert hours.counted(at("2026-12-01 00:00"), at("2026-12-02 00:00")) == timedelta(hours=6)
    assert hours.counted(at("2026-12-24 00:00"), at("2026-12-29 00:00")) == timedelta(hours=3 + 8)
    made, told = Event.objects.filter(kind="calendar.saved").in_order()
    assert made.facts["before"] == {}
    assert told.facts["before"]["name"] == "Shop"
    assert told.facts["after"]["holidays"] == "DE-BY"
    assert told.facts["after"]["days"] == "2026-12-24 9:00–12:00 Christmas Eve"


def test_the_same_again_is_no_event(shop: Calendar, olga: Agent) -> None:
    save_calendar(shop, wish(), by=olga)
    assert Event.objects.filter(kind="calendar.saved").count() == 1


def test_the_first_is_standard_and_another_can_become_it(shop: Calendar, olga: Agent) -> None:
    night = save_calendar(None, wish(name="Night", is_standard=True), by=olga)
    assert night.is_standard
    shop.refresh_from_db()
    assert not shop.is_standard


def test_whoever_has_hours_of_their_own_has_those(shop: Calendar, olga: Agent) -> None:
    always = [(Shift(0, 1440),)] * 7
    chat = save_calendar(None, wish(name="Chat", week=always, whose=["inbox:3"]), by=olga)
    team = save_calendar(None, wish(name="Team", whose=["team:1"]), by=olga)
    sunday = at("2026-11-22 12:00")
    is_open = [hours_of(*refs).is_open(sunday) for refs in (["inbox:3", "team:1"], ["team:1"], [])]  # type: ignore[union-attr]
    assert is_open == [True, False, False]
    save_calendar(team, wish(name="Team", whose=["team:1", "inbox:3"]), by=olga)
    assert list(chat.uses.all()) == []
    assert not hours_of("inbox:3").is_open(sunday)  # type: ignore[union-attr]


def test_who_had_what_is_deleted_has_the_standard(shop: Calendar, olga: Agent) -> None:
    night = save_calendar(None, wish(name="Night", whose=["team:1"]), by=olga)
    delete_calendar(night, by=olga)
    assert calendar_of("team:1") == shop
    assert Event.objects.filter(kind="calendar.deleted").get().facts["before"]["whose"] == "team:1"


def test_the_standard_stays_as_long_as_there_are_others(shop: Calendar, olga: Agent) -> None:
    save_calendar(None, wish(name="Night"), by=olga)
    with pytest.raises(Refused, match="standard"):
        delete_calendar(shop, by=olga)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"zone": "Mars/Olympus"},
        {"country": "XX"},
        {"country": "DE", "region": "TX"},
        {"week": [()] * 7},
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    shop: Calendar, olga: Agent, wrong: dict[str, object]
) -> None:
    with pytest.raises(Refused):
        save_calendar(shop, wish(**wrong), by=olga)
    shop.refresh_from_db()
    assert shop.zone == "Europe/Berlin"
    assert Event.objects.filter(kind="calendar.saved").count() == 1


def test_two_do_not_bear_one_name(shop: Calendar, olga: Agent) -> None:
    with pytest.raises(Refused, match="name"):
        save_calendar(None, wish(), by=olga)


# ── Holidays ─────────────────────────────────────────────────────────────────


def test_holidays_are_of_the_region_and_named_in_the_readers_language(
    shop: Calendar, olga: Agent
) -> None:
    bavaria = save_calendar(shop, wish(country="DE", region="BY"), by=olga)
    told = dict(different_days(bavaria, at("2026-12-20 12:00"), "en"))
    assert "Epiphany" in told.values()
    assert (
        "Heilige Drei Könige"
        in dict(different_days(bavaria, at("2026-12-20 12:00"), "de")).values()
    )
    assert not hours_in(bavaria).is_open(at("2027-01-06 12:00"))
    berlin = save_calendar(shop, wish(country="DE", region="BE"), by=olga)
    assert hours_in(berlin).is_open(at("2027-01-06 12:00"))


def test_a_day_of_ones_own_goes_before_a_holiday(shop: Calendar, olga: Agent) -> None:
    days = {date(2026, 12, 25): (NINE_TO_FIVE, "We are there")}
    save_calendar(shop, wish(country="DE", days=days), by=olga)
    hours = hours_of()
    assert hours is not None
    assert hours.is_open(at("2026-12-25 12:00"))


def test_every_country_that_can_be_chosen_has_its_regions_by_name() -> None:
    places = regions_by_country()
    assert len(places) > 200
    for country in ("DE", "US", "ES", "AU"):
        assert set(region_names(country)) >= set(places[country])
    assert region_names("DE")["BY"] in ("Bavaria", "Bayern")


# ── Told ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("now", "is_open", "when"),
    [
        ("2026-11-20 12:00", True, "17:00"),
        ("2026-11-20 17:00", False, "Monday 9:00"),
        ("2026-11-23 08:00", False, "9:00"),
    ],
)
def test_it_is_told_until_or_from_when(shop: Calendar, now: str, is_open: bool, when: str) -> None:
    assert state_of(hours_in(shop), at(now)) == State(is_open, when, "Berlin")
