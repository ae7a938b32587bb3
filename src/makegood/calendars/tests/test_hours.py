"""Opening hours against a clock that is read every quarter of an hour."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.calendars.hours import Hours, NeverOpen, Shift, Span

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE, QUARTER = timedelta(minutes=1), timedelta(minutes=15)
ZONES = [
    "Europe/Berlin", "Europe/London", "America/New_York", "America/St_Johns", "America/Sao_Paulo",
    "Asia/Kolkata", "Asia/Tehran", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia",
    "Asia/Kathmandu", "America/Santiago",
]  # fmt: skip
CHANGES = [
    datetime(2026, 3, 29, 1, tzinfo=UTC),  # Berlin, London: forward
    datetime(2026, 10, 25, 1, tzinfo=UTC),  # and back
    datetime(2026, 3, 8, 7, tzinfo=UTC),  # New York: forward
    datetime(2026, 11, 1, 6, tzinfo=UTC),  # and back
    datetime(2026, 4, 4, 15, tzinfo=UTC),  # Lord Howe: half an hour back
    datetime(2026, 10, 3, 15, 30, tzinfo=UTC),  # and forward
    datetime(2011, 12, 30, 10, tzinfo=UTC),  # Apia: a whole day that never was
    datetime(2018, 2, 18, 2, tzinfo=UTC),  # São Paulo: midnight comes twice
    datetime(2018, 11, 4, 3, tzinfo=UTC),  # and once not at all
    datetime(2026, 4, 5, 3, tzinfo=UTC),  # Santiago: midnight comes twice
    datetime(2026, 2, 15, 2, tzinfo=UTC),  # Casablanca
]


def shift(begins: str, ends: str) -> Shift:
    """`22:00` to `06:00` ends on the next day."""
    first, last = (int(said[:2]) * 60 + int(said[3:]) for said in (begins, ends))
    return Shift(first, last if last > first else last + 24 * 60)


def on_weekdays(*shifts: Shift, zone: ZoneInfo = BERLIN, **more: object) -> Hours:
    return Hours(zone, (shifts,) * 5 + ((), ()), **more)  # type: ignore[arg-type]


def local(said: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=zone)


NINE_TO_FIVE = on_weekdays(shift("09:00", "17:00"))


def test_eight_hours_from_friday_afternoon_are_over_on_monday() -> None:
    assert NINE_TO_FIVE.after(local("2026-11-20 16:00"), timedelta(hours=8)) == local(
        "2026-11-23 16:00"
    )


def test_what_begins_at_night_counts_from_the_opening() -> None:
    asked = local("2026-11-21 23:00")
    assert NINE_TO_FIVE.opens_next(asked) == local("2026-11-23 09:00")
    assert NINE_TO_FIVE.after(asked, timedelta(hours=8)) == local("2026-11-23 17:00")


def test_a_lunch_is_not_counted_and_the_stretches_are_told() -> None:
    hours = on_weekdays(shift("09:00", "12:00"), shift("13:00", "17:00"))
    told = hours.counting(local("2026-11-23 11:00"), timedelta(hours=2))
    assert told == [
        Span(local("2026-11-23 11:00"), local("2026-11-23 12:00")),
        Span(local("2026-11-23 13:00"), local("2026-11-23 14:00")),
    ]


def test_a_day_of_its_own_replaces_the_week_and_a_closure_takes_out_of_both() -> None:
    days = {date(2026, 12, 24): (shift("09:00", "12:00"),), date(2026, 12, 25): ()}
    closed = Span(local("2026-12-24 10:00"), local("2026-12-24 11:00"))
    hours = on_weekdays(shift("09:00", "17:00"), days=days, closures=(closed,))
    length = hours.counted(local("2026-12-24 00:00"), local("2026-12-26 00:00"))
    assert length == timedelta(hours=2)
    assert not hours.is_open(local("2026-12-24 10:30"))
    assert hours.closes_next(local("2026-12-24 10:30")) == local("2026-12-24 12:00")


def test_closures_that_lie_over_each_other_are_taken_out_once() -> None:
    closed = [("10:00", "12:00"), ("09:00", "11:00"), ("10:30", "10:45"), ("16:00", "18:00")]
    spans = tuple(
        Span(local(f"2026-11-23 {begins}"), local(f"2026-11-23 {ends}")) for begins, ends in closed
    )
    hours = on_weekdays(shift("09:00", "13:00"), shift("14:00", "17:00"), closures=spans)
    told = hours.counting(local("2026-11-23 08:00"), timedelta(hours=3))
    assert told == [
        Span(local("2026-11-23 12:00"), local("2026-11-23 13:00")),
        Span(local("2026-11-23 14:00"), local("2026-11-23 16:00")),
    ]


def test_a_night_shift_belongs_to_the_day_on_which_it_begins() -> None:
    hours = on_weekdays(shift("22:00", "06:00"))
    assert hours.is_open(local("2026-11-28 05:59"))  # the night from Friday
    assert not hours.is_open(local("2026-11-28 06:00"))
    assert not hours.is_open(local("2026-11-28 23:00"))
    free = on_weekdays(shift("22:00", "06:00"), days={date(2026, 11, 27): ()})
    assert not free.is_open(local("2026-11-28 05:59"))


@pytest.mark.parametrize(("day", "worked"), [("2026-03-29", 7), ("2026-10-25", 9)])
def test_a_night_on_which_the_clocks_change_is_as_long_as_it_is(day: str, worked: int) -> None:
    sundays = Hours(BERLIN, ((),) * 6 + ((shift("00:00", "08:00"),),))
    midnight = local(f"{day} 00:00")
    assert sundays.counted(midnight, midnight + timedelta(days=1)) == timedelta(hours=worked)


def test_always_open_is_the_clock_itself() -> None:
    always = Hours(BERLIN, (((shift("00:00", "00:00")),),) * 7)
    now = local("2026-03-28 12:34")
    assert always.after(now, timedelta(hours=72)) == now.astimezone(UTC) + timedelta(hours=72)
    assert len(always.counting(now, timedelta(hours=72))) == 1
    assert always.closes_next(now) is None


def test_hours_that_never_open_say_so() -> None:
    with pytest.raises(NeverOpen):
        Hours(BERLIN, ((),) * 7).after(local("2026-11-20 16:00"), MINUTE)


@pytest.mark.parametrize(("begins", "ends"), [(-1, 5), (1440, 1500), (60, 60), (0, 1441)])
def test_no_shift_is_empty_or_longer_than_a_day(begins: int, ends: int) -> None:
    with pytest.raises(ValueError, match="No shift"):
        Shift(begins, ends)


# ── Against the slow clock ───────────────────────────────────────────────────


def slow(hours: Hours, since: datetime, quarters: int) -> Iterator[datetime]:
    """Every quarter of these hours in that time, one by one, by what the wall clock shows.

    A shift has begun where the clock has shown its beginning, and has not ended where the clock,
    now or later, still shows less than its end.
    """
    margin = 3 * 24 * 4
    begin = since - margin * QUARTER
    moments = [begin + number * QUARTER for number in range(quarters + 2 * margin)]
    wall = [at.astimezone(hours.zone).replace(tzinfo=None) for at in moments]
    highest, lowest = list(wall), list(wall)
    for number in range(1, len(wall)):
        highest[number] = max(highest[number], highest[number - 1])
        lowest[-number - 1] = min(lowest[-number - 1], lowest[-number])
    for number in range(margin, margin + quarters):
        if any(span.begins_at <= moments[number] < span.ends_at for span in hours.closures):
            continue
        first = min(lowest[number], highest[number]).date() - timedelta(days=2)
        last = max(lowest[number], highest[number]).date()
        for ahead in range((last - first).days + 1):
            day = first + timedelta(days=ahead)
            midnight = datetime(day.year, day.month, day.day)
            if any(
                highest[number] >= midnight + timedelta(minutes=one.begins)
                and lowest[number] < midnight + timedelta(minutes=one.ends)
                for one in hours.shifts_on(day)
            ):
                yield moments[number]
                break


shifts = st.builds(
    lambda begins, length: Shift(begins * 15, (begins + length) * 15),
    st.integers(0, 95),
    st.integers(1, 96),
)
days = st.lists(shifts, max_size=3).map(tuple)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Hours, datetime]:
    """Hours of any kind, and a moment near one at which clocks somewhere change."""
    since = draw(st.sampled_from(CHANGES)) - draw(st.integers(0, 270)) * QUARTER
    week = tuple(draw(st.tuples(*[days] * 7)))
    own = draw(st.dictionaries(st.integers(-2, 5), days, max_size=2))
    closures = draw(st.lists(st.tuples(st.integers(-40, 350), st.integers(1, 60)), max_size=3))
    hours = Hours(
        ZoneInfo(draw(st.sampled_from(ZONES))),
        week,
        {since.date() + timedelta(days=ahead): own[ahead] for ahead in own},
        tuple(
            Span(since + begins * QUARTER, since + (begins + length) * QUARTER)
            for begins, length in closures
        ),
    )
    return hours, since


@given(worlds(), st.integers(1, 270))
def test_the_time_between_two_moments_is_what_the_slow_clock_counts(
    world: tuple[Hours, datetime], length: int
) -> None:
    hours, since = world
    counted = hours.counted(since, since + length * QUARTER)
    assert counted == sum(1 for _ in slow(hours, since, length)) * QUARTER


@given(worlds(), st.integers(1, 60))
def test_the_end_is_the_quarter_at_which_the_slow_clock_has_counted_enough(
    world: tuple[Hours, datetime], length: int
) -> None:
    hours, since = world
    worked = list(slow(hours, since, 4 * 24 * 4))
    if len(worked) >= length:
        assert hours.after(since, length * QUARTER) == worked[length - 1] + QUARTER
        told = hours.counting(since, length * QUARTER)
        assert sum((span.length for span in told), timedelta()) == length * QUARTER
        assert all(one.ends_at < two.begins_at for one, two in pairwise(told))


@given(worlds())
def test_open_now_is_what_the_slow_clock_says(world: tuple[Hours, datetime]) -> None:
    hours, since = world
    assert hours.is_open(since) == bool(list(slow(hours, since, 1)))
