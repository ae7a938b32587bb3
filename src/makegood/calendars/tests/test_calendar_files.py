import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from makegood.calendars.actions import Wish, save_calendar
from makegood.calendars.bringing import Brought, leave_days, look_into_file, take_days
from makegood.calendars.ical import LARGEST, Read, Unreadable, read_ical
from makegood.calendars.models import Calendar
from makegood.calendars.reading import read_days, read_shifts
from makegood.kit.errors import Refused
from makegood.team.models import Agent

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def event(*lines: str) -> str:
    return "\n".join(("BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT"))


def file_of(*events: str, head: str = "") -> bytes:
    return "\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", head, *events, "END:VCALENDAR")).encode()


def read(*events: str, head: str = "") -> Read:
    return read_ical(file_of(*events, head=head), BERLIN, TODAY)


def told(found: Read) -> list[tuple[str, str, str]]:
    return [(one.begins, one.ends, one.words) for one in found.events]


def test_a_day_of_a_file_ends_before_its_end() -> None:
    found = read(
        event(
            "DTSTART;VALUE=DATE:20261224",
            "DTEND;VALUE=DATE:20270102",
            "SUMMARY:Between\\, the years",
        ),
        head="X-WR-CALNAME:Holidays",
    )
    assert told(found) == [("2026-12-24", "2027-01-01", "Between, the years")]
    assert found.name == "Holidays"


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        ("TZID=Europe/Berlin:20261201T140000", "TZID=Europe/Berlin:20261201T163000", "14:00"),
        ("TZID=America/New_York:20261201T080000", "TZID=America/New_York:20261201T090000", "14:00"),
        (
            "TZID=W. Europe Standard Time:20261201T140000",
            "VALUE=DATE-TIME:20261201T150000",
            "14:00",
        ),
        ("VALUE=DATE-TIME:20261201T130000Z", "VALUE=DATE-TIME:20261201T140000Z", "14:00"),
        ("VALUE=DATE-TIME:20261201T140000", "VALUE=DATE-TIME:20261201T150000", "14:00"),
    ],
)
def test_times_are_shown_by_the_clock_of_the_hours(start: str, end: str, shown: str) -> None:
    found = read(event(f"DTSTART;{start}", f"DTEND;{end}"))
    assert [one.begins for one in found.events] == [f"2026-12-01 {shown}"]


def test_an_event_repeats_by_its_own_clock() -> None:
    """New York changes its clocks a fortnight before Berlin in spring."""
    found = read(
        event(
            "DTSTART;TZID=America/New_York:20270301T090000",
            "DURATION:PT1H",
            "RRULE:FREQ=WEEKLY;COUNT=5",
        )
    )
    assert [one.begins[5:] for one in found.events] == [
        "03-01 15:00", "03-08 15:00", "03-15 14:00", "03-22 14:00", "03-29 15:00",
    ]  # fmt: skip


def test_rules_end_leave_out_and_are_moved() -> None:
    found = read(
        event(
            "DTSTART;VALUE=DATE:20261201",
            "RRULE:FREQ=WEEKLY;UNTIL=20261222",
            "EXDATE;VALUE=DATE:20261208",
            "RDATE;VALUE=DATE:20261231",
        ),
        event("RECURRENCE-ID;VALUE=DATE:20261215", "DTSTART;VALUE=DATE:20261216", "SUMMARY:moved"),
    )
    assert [one.begins for one in found.events] == [
        "2026-12-01", "2026-12-16", "2026-12-22", "2026-12-31",
    ]  # fmt: skip


def test_what_repeats_for_ever_is_shown_for_two_years() -> None:
    found = read(event("DTSTART;VALUE=DATE:20000501", "RRULE:FREQ=YEARLY"))
    assert [one.begins for one in found.events] == ["2027-05-01", "2028-05-01"]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["DTSTART:20261201T090000", "DURATION:PT1S", "RRULE:FREQ=SECONDLY"], "often"),
        (["DTSTART:20261201T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY"], "often"),
        (["DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:20271201"], "long"),
        (["DTSTART;VALUE=DATE:20261201", "STATUS:CANCELLED"], "cancelled"),
        (["SUMMARY:without a beginning"], "broken"),
        (["DTSTART;VALUE=DATE:20261301"], "broken"),
        (["DTSTART;VALUE=DATE:20261201", "DTEND:20261201T100000Z"], "broken"),
    ],
)
def test_what_is_left_out_is_told(lines: list[str], why: str) -> None:
    assert why in read(event(*lines)).left_out


def test_past_days_are_not_brought() -> None:
    assert not read(event("DTSTART;VALUE=DATE:20261123")).events


def test_free_time_is_marked() -> None:
    found = read(event("DTSTART;VALUE=DATE:20261201", "TRANSP:TRANSPARENT"))
    assert [one.is_free for one in found.events] == [True]


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"x" * (LARGEST + 1), "large"),
        (b"BEGIN:VCALENDAR\n" + b"X:1\n" * 50_000, "large"),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 5000, "deep"),
        (b"%PDF-1.7 no calendar", "other"),
        (b"", "other"),
        (b"BEGIN:VCALENDAR\nEND:VEVENT\nEND:VCALENDAR\n", "broken"),
        (file_of(*[event("DTSTART;VALUE=DATE:20261201")] * 2_001), "many"),
    ],
)
def test_what_is_no_calendar_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_ical(raw, BERLIN, TODAY)


def test_a_zone_that_a_file_describes_is_not_followed() -> None:
    bomb = (
        "BEGIN:VTIMEZONE\nTZID:Mine\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
        "RRULE:FREQ=SECONDLY\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:STANDARD\nEND:VTIMEZONE"
    )
    found = read(bomb, event("DTSTART;TZID=Mine:20261201T140000", "DURATION:PT1H"))
    assert [one.begins for one in found.events] == ["2026-12-01 14:00"]


@pytest.fixture
def calendar(nora: Agent) -> Calendar:
    week = [read_shifts("9-17")] * 5 + [(), ()]
    days = read_days("2026-12-24 9:00-12:00 Christmas Eve")
    wish = Wish(name="Shop", zone="Europe/Berlin", week=week, days=days)
    return save_calendar(None, wish, by=nora)


YEARS = event("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227", "SUMMARY:Years")
TEAM = event("DTSTART;TZID=Europe/Berlin:20261201T140000", "DURATION:PT1H", "SUMMARY:9-12 | Team")


def test_days_are_looked_over_taken_in_and_taken_back(calendar: Calendar, nora: Agent) -> None:
    look = look_into_file(file_of(YEARS, TEAM), calendar, NOW)
    lines = [Brought.read(line.value) for line in look.lines]
    assert [line.words for line in lines] == ["9-12 | Team", "Years"]
    taken = take_days(calendar, lines, by=nora)
    held = {str(day.on): (day.shifts, day.words) for day in calendar.days.all()}
    assert held["2026-12-24"] == ([[540, 720]], "Christmas Eve")
    assert held["2026-12-25"] == held["2026-12-26"] == ([], "Years")
    assert [one.words for one in calendar.closures.all()] == ["9-12 | Team"]
    assert all(line.is_there for line in look_into_file(file_of(YEARS, TEAM), calendar, NOW).lines)
    assert take_days(calendar, lines, by=nora) == []
    assert leave_days(calendar, taken, by=nora) == 3
    assert [day.words for day in calendar.days.all()] == ["Christmas Eve"]
    assert not calendar.closures.exists()


def test_what_was_changed_since_is_not_taken_back(calendar: Calendar, nora: Agent) -> None:
    lines = look_into_file(file_of(YEARS), calendar, NOW).lines
    taken = take_days(calendar, lines, by=nora)
    calendar.days.filter(on="2026-12-25").update(words="Christmas")
    assert leave_days(calendar, taken, by=nora) == 1
    assert [day.words for day in calendar.days.all()] == ["Christmas Eve", "Christmas"]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"no calendar", "not a calendar file"),
        (b"x" * (LARGEST + 1), "larger than"),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 50, "not built like"),
    ],
)
def test_a_refusal_says_why(calendar: Calendar, raw: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        look_into_file(raw, calendar, NOW)


def test_rules_that_never_end_die_with_their_process(calendar: Calendar) -> None:
    never = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    bombs = [event(f"DTSTART;VALUE=DATE:2026{n:04}", never) for n in range(1201, 1229)] * 20
    with pytest.raises(Refused, match="too long"):
        look_into_file(file_of(*bombs), calendar, NOW)


def test_the_reader_knows_nothing_of_the_desk() -> None:
    """It starts with no settings and no secrets, and imports nothing that could fetch."""
    source = str(Path(__file__).parents[3])
    code = "import makegood.calendars.ical, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": source, "PATH": os.defpath},
        capture_output=True,
        check=True,
        text=True,
    )
    assert not {"django", "httpx", "urllib.request", "http.client"} & set(done.stdout.split())


@pytest.mark.parametrize(
    "value",
    [
        "",
        "a|b|c",
        "2026-12-02|2026-12-01|x",
        "2026-12-01|2028-12-01|x",
        "2026-12-01",
        "2026-12-01|2026-12-01 10:00|x",
        "2026-12-01 10:00|2026-12-01|x",
        "0001-01-01 00:00|0001-01-01 01:00|x",
        "9999-12-31 00:00|9999-12-31 23:00|x",
    ],
)
def test_a_line_that_is_none_of_ours_is_not_read(value: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        Brought.read(value)
