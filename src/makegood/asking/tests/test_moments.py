from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from makegood.asking.moments import interval, length, length_in_words, moment

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 4, 15, 30, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("today", "2026-03-04", "2026-03-05"),
        ("gestern", "2026-03-03", "2026-03-04"),
        ("this week", "2026-03-02", "2026-03-09"),
        ("letzte Woche", "2026-02-23", "2026-03-02"),
        ("last month", "2026-02-01", "2026-03-01"),
        ("this year", "2026-01-01", "2027-01-01"),
        ("2025-12", "2025-12-01", "2026-01-01"),
        ("2026-3-1", "2026-03-01", "2026-03-02"),
        ("1.3.2026", "2026-03-01", "2026-03-02"),
        ("2199-12-31", "2199-12-31", "2200-01-01"),
    ],
)
def test_a_moment_lasts_from_midnight_to_midnight(typed: str, first: str, last: str) -> None:
    found = interval(moment(typed), NOW)
    assert [at.isoformat() for at in found] == [f"{first}T00:00:00+01:00", f"{last}T00:00:00+01:00"]


def test_a_day_on_which_the_clock_changes_has_its_own_length() -> None:
    first, last = interval(moment("2026-03-29"), NOW)
    assert (last.timestamp() - first.timestamp()) == 23 * 3600


def test_so_long_ago_is_one_instant() -> None:
    assert interval(moment("-3d"), NOW)[0].isoformat() == "2026-03-01T15:30:00+01:00"
    assert interval(moment("+2h"), NOW)[0] == NOW + timedelta(hours=2)
    assert (moment("+90min"), moment("+0h"), moment("+")) == ("+90m", "now", "")


@pytest.mark.parametrize("typed", ["", "someday", "2026-13", "12026", "last lamp", "-3", "1969"])
def test_what_is_no_moment_is_nothing(typed: str) -> None:
    assert moment(typed) == ""


def test_lengths_are_said_in_the_largest_unit_that_is_exact() -> None:
    assert length_in_words(length("120m") or 0) == "2h"
    assert length_in_words(length("36h") or 0) == "36h"
    assert length("2 parsecs") is None
    assert length("9999999y") is None
