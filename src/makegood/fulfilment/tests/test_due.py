"""Due times by stated times: cut-off, working days of warehouse and carrier, money back."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from makegood.calendars.hours import Hours, Shift
from makegood.fulfilment.due import (
    OrderFacts,
    Stated,
    begins_on,
    dates_of,
    end_of,
    is_working,
    sent_on,
    working_day_after,
)

BERLIN = ZoneInfo("Europe/Berlin")
USUAL = Stated(zone=BERLIN, cut_off=time(14), handling_days=1, scan_days=1, transit_to=3)


def at(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=BERLIN).astimezone(UTC)


def test_until_the_cut_off_it_counts_the_same_working_day():
    assert begins_on(at(2, 13), USUAL) == date(2026, 3, 2)
    assert begins_on(at(2, 15), USUAL) == date(2026, 3, 3)
    assert begins_on(at(7), USUAL) == date(2026, 3, 9), "Saturday counts Monday"


def test_each_day_is_over_with_its_last_second_in_the_shops_zone():
    due = {one.kind: one.due_at for one in dates_of(OrderFacts(placed_at=at(5)), USUAL)}
    assert due["shipped"] == datetime(2026, 3, 6, 22, 59, 59, tzinfo=UTC)
    assert due["first_scan"] == end_of(date(2026, 3, 9), BERLIN), "over the weekend"
    assert due["delivered"] == end_of(date(2026, 3, 11), BERLIN)


def test_holidays_of_the_warehouse_and_of_the_carrier_are_its_own():
    open_days = (*[(Shift(480, 960),)] * 6, ())
    carrier = Hours(BERLIN, open_days, days={date(2026, 3, 9): ()})
    stated = Stated(zone=BERLIN, cut_off=time(14), handling_days=1, transit_to=1, carrier=carrier)
    due = {one.kind: one.due_at for one in dates_of(OrderFacts(placed_at=at(5)), stated)}
    assert due["delivered"] == end_of(date(2026, 3, 7), BERLIN), "carriers work on Saturday"
    assert not is_working(date(2026, 3, 9), carrier)


def test_nothing_is_counted_before_the_money_came_where_that_is_said():
    stated = Stated(zone=BERLIN, cut_off=time(14), handling_days=1, waits_for_money=True)
    assert not dates_of(OrderFacts(placed_at=at(2)), stated)
    (dated,) = dates_of(OrderFacts(placed_at=at(2), paid_at=at(4)), stated)
    assert dated.due_at == end_of(date(2026, 3, 5), BERLIN)


def test_who_never_works_is_late_and_not_never():
    never = Hours(BERLIN, ((),) * 7)
    assert working_day_after(date(2026, 3, 2), 2, never) == date(2026, 3, 4)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), st.integers(0, 30))
def test_working_days_are_counted_one_by_one(moment, days):
    since = moment.replace(tzinfo=UTC)
    sent = sent_on(since, Stated(zone=BERLIN, cut_off=time(14), handling_days=days))
    local = since.astimezone(BERLIN)
    day = local.date()
    if day.weekday() > 4 or local.time() > time(14):
        day += timedelta(days=1)
        while day.weekday() > 4:
            day += timedelta(days=1)
    for _each in range(days):
        day += timedelta(days=1)
        while day.weekday() > 4:
            day += timedelta(days=1)
    assert sent == day
