import pytest
import time_machine
from django.test import Client

from makegood.calendars.models import Calendar
from makegood.channels.models import Inbox
from makegood.office.tests.asking import at_most, told
from makegood.team.models import Team

MONDAY = "2026-11-23 10:00+01:00"


def filled(**more: object) -> dict[str, object]:
    week = {f"day_{number}": "9-17" if number < 5 else "" for number in range(7)}
    return {"name": "Shop", "zone": "Europe/Berlin", **week, **more}


@pytest.fixture
def calendar(as_olga: Client) -> Calendar:
    assert as_olga.post("/office/hours/new/", filled()).status_code == 302
    return Calendar.objects.get()


def test_an_office_without_hours_says_what_they_are_for(as_olga: Client) -> None:
    page = as_olga.get("/office/hours/").text
    assert "No opening hours yet" in page
    assert "9:00–17:00" in as_olga.get("/office/hours/new/").text


def test_hours_are_made_shown_and_changed(
    as_olga: Client, calendar: Calendar, mailbox: Inbox, front: Team
) -> None:
    address = f"/office/hours/{calendar.pk}/"
    more = {
        "country": "DE",
        "region": "BY",
        "days": "2026-12-24 9-12 Christmas Eve",
        "closures": "2026-12-01 14:00 2026-12-01 16:00 Stock",
        "whose": [mailbox.ref, front.ref],
    }
    assert as_olga.post(address, filled(**more)).status_code == 302
    with time_machine.travel(MONDAY, tick=False), at_most(22):
        page = as_olga.get(address).text
    for words in (
        "Open now, until 17:00",
        "2026-12-24 9:00–12:00 Christmas Eve",
        "Epiphany",
        "Bayern",
    ):
        assert words in page, words
    with time_machine.travel(MONDAY, tick=False), at_most(14):
        assert "Open now, until 17:00" in as_olga.get("/office/hours/").text
    assert told(calendar)[-1] == "Olga saved the opening hours “Shop”"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"day_2": "9 to 5"}, "Write it like 9:00"),
        ({"zone": "Mars"}, "Choose a zone"),
        ({"days": "tomorrow"}, "A line begins with a date"),
        ({"closures": "2026-12-01 14:00 2026-12-01 13:00"}, "ends before it begins"),
        ({"name": ""}, "required"),
        ({"name": "x" * 200}, "at most 80"),
        ({f"day_{number}": "" for number in range(7)}, "Somebody must be there"),
    ],
)
def test_what_cannot_be_is_told_where_it_stands(
    as_olga: Client, calendar: Calendar, wrong: dict[str, object], words: str
) -> None:
    answer = as_olga.post(f"/office/hours/{calendar.pk}/", filled(**wrong))
    assert answer.status_code == 422
    assert words in answer.text
    calendar.refresh_from_db()
    assert calendar.week[2] == [[540, 1020]]


def test_a_region_of_the_country_before_is_let_go(as_olga: Client, calendar: Calendar) -> None:
    address = f"/office/hours/{calendar.pk}/"
    as_olga.post(address, filled(country="DE", region="BY"))
    assert as_olga.post(address, filled(country="AT", region="")).status_code == 302
    calendar.refresh_from_db()
    assert (calendar.country, calendar.region) == ("AT", "")


def test_hours_that_are_not_the_standard_can_be_deleted(
    as_olga: Client, calendar: Calendar
) -> None:
    as_olga.post("/office/hours/new/", filled(name="Night"))
    night = Calendar.objects.get(name="Night")
    assert as_olga.post(f"/office/hours/{night.pk}/removal/").status_code == 302
    refused = as_olga.post(f"/office/hours/{calendar.pk}/removal/")
    assert refused["Location"] == "/office/hours/"
    assert not Calendar.objects.exists()


def test_the_standard_stays_while_others_are_there(as_olga: Client, calendar: Calendar) -> None:
    as_olga.post("/office/hours/new/", filled(name="Night"))
    page = as_olga.post(f"/office/hours/{calendar.pk}/removal/", follow=True)
    assert "Make others the standard first" in page.text
    assert Calendar.objects.count() == 2


ICS = b"""BEGIN:VCALENDAR
VERSION:2.0
X-WR-CALNAME:Company holidays
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20261228
DTEND;VALUE=DATE:20261231
SUMMARY:Between the years
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;TZID=Europe/Berlin:20261201T140000
DTEND;TZID=Europe/Berlin:20261201T153000
SUMMARY:Stock
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
"""


def test_days_come_from_a_calendar_file_and_go_back(as_olga: Client, calendar: Calendar) -> None:
    address = f"/office/hours/{calendar.pk}/"
    assert f"{address}file/" in as_olga.get(address).text
    with time_machine.travel(MONDAY, tick=False):
        look = as_olga.post(f"{address}file/", {"text": ICS.decode()}).text
    assert "Company holidays" in look
    assert "Mon 28 Dec 2026 – Wed 30 Dec 2026 · Between the years" in look
    assert "Tue 1 Dec 2026 14:00 – 15:30 · Stock · marked as free in the file" in look
    assert 'Between the years" id="id_lines_1" checked>' in look
    assert 'Stock" id="id_lines_0">' in look
    lines = ["2026-12-28|2026-12-30|Between the years"]
    page = as_olga.post(f"{address}file/days/", {"lines": lines}, follow=True).text
    assert "2026-12-29" in page
    assert "Take back 3 lines of the file" in page
    assert calendar.days.count() == 3
    page = as_olga.post(f"{address}file/undo/", follow=True).text
    assert not calendar.days.exists()
    assert "Take back" not in page
    as_olga.post(f"{address}file/undo/")
    assert told(calendar)[-1] == "Olga saved the opening hours “Shop”"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"text": "hello"}, "not a calendar file"),
        ({"text": " "}, "Choose a file, or paste its text"),
    ],
)
def test_a_file_that_is_none_says_so(
    as_olga: Client, calendar: Calendar, sent: dict[str, str], words: str
) -> None:
    answer = as_olga.post(f"/office/hours/{calendar.pk}/file/", sent)
    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.parametrize("lines", [[], ["nonsense"], ["2026-12-28|2029-12-30|three years"]])
def test_lines_that_no_file_said_are_not_taken_in(
    as_olga: Client, calendar: Calendar, lines: list[str]
) -> None:
    address = f"/office/hours/{calendar.pk}/file/days/"
    assert "Nothing was chosen" in as_olga.post(address, {"lines": lines}, follow=True).text
    assert not calendar.days.exists()
