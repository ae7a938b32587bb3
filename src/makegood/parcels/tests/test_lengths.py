from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.parcels.histories import lived, replayed
from makegood.parcels.lanes import area_of
from makegood.parcels.lengths import Lengths, after_working, spread, working
from makegood.parcels.naming import family_of, is_same
from makegood.parcels.rates import Band, Rate, band_of

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
MOMENTS = st.integers(0, 60 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes))


def _of(*days: float, times: int = 1) -> Lengths:
    found = Lengths()
    for one in days:
        for _ in range(times):
            found.add(MONDAY, MONDAY + timedelta(days=one))
    return found


@pytest.mark.parametrize(
    ("begins", "ends", "days"),
    [(0, 1, 1), (4, 7, 1), (5, 6, 0), (3, 10, 5), (0, 14, 10)],
)
def test_working_time_passes_over_weekends(begins: int, ends: int, days: int) -> None:
    at = MONDAY.replace(hour=0)
    assert working(at + begins * DAY, at + ends * DAY) == days * DAY


@given(begins=MOMENTS, hours=st.integers(0, 500))
def test_so_much_working_time_after_a_moment_has_just_passed_then(
    begins: datetime, hours: int
) -> None:
    length = timedelta(hours=hours)
    assert working(begins, after_working(begins, length)) == length


@given(lengths=st.lists(st.floats(0, 80), min_size=1, max_size=30))
def test_what_is_counted_and_taken_out_again_leaves_nothing(lengths: list[float]) -> None:
    both = _of(*lengths)
    for one in lengths:
        both.add(MONDAY, MONDAY + timedelta(days=one), -1)
    assert both == Lengths()


def test_nothing_is_foreseen_from_a_handful() -> None:
    assert spread([Lengths(), _of(2, times=19)]) is None
    assert spread([Lengths(), _of(2, times=20)]) is not None


def test_a_lane_with_few_is_drawn_to_the_circle_around_it() -> None:
    around = _of(2, times=200)
    dates = []
    for known in (0, 5, 400):
        found = spread([_of(6.0, times=known), around])
        assert found is not None
        dates.append(found.moment(0.5, MONDAY, MONDAY))
    assert dates[0] is not None
    assert dates[1] is not None
    assert dates[2] is not None
    assert dates[0] <= dates[1] < dates[2]
    assert dates[0] - MONDAY < 3 * DAY
    assert dates[2] - MONDAY > 5 * DAY


@settings(deadline=None)
@given(
    lengths=st.lists(st.floats(0.5, 30), min_size=20, max_size=60),
    passed=st.floats(0, 40),
)
def test_dates_lie_ahead_in_their_order_and_move_on_with_time(
    lengths: list[float], passed: float
) -> None:
    found = spread([_of(*lengths)])
    assert found is not None
    now = MONDAY + timedelta(days=passed)
    median, most = found.moment(0.5, MONDAY, now), found.moment(0.9, MONDAY, now)
    if median is None or most is None:
        assert passed > min(lengths)
        return
    assert now - timedelta(seconds=1) <= median <= most
    early = found.moment(0.9, MONDAY, MONDAY)
    assert early is not None
    assert early <= most + timedelta(seconds=1)


def test_a_carrier_that_rests_on_weekends_is_counted_in_working_days() -> None:
    friday = MONDAY + 4 * DAY
    resting, always = Lengths(), Lengths()
    for _ in range(40):
        resting.add(MONDAY, MONDAY + 2 * DAY)
        always.add(MONDAY + 3 * DAY, MONDAY + 5 * DAY)
    slow, quick = spread([resting]), spread([always])
    assert slow is not None
    assert quick is not None
    late, early = slow.moment(0.9, friday, friday), quick.moment(0.9, friday, friday)
    assert late is not None
    assert early is not None
    assert late.weekday() in (0, 1)
    assert early.weekday() in (6, 0)
    assert early < late


def test_dates_told_from_a_history_come_true_as_often_as_they_say() -> None:
    """Half of them by the first, nine of ten by the second, within a few of a hundred."""
    begins = datetime(2026, 1, 5, tzinfo=UTC)
    told = replayed(lived(Random(7), begins, 90, 40))
    assert told.n > 2000
    assert 0.46 <= told.within_median / told.n <= 0.56
    assert 0.87 <= told.within_most / told.n <= 0.93


def test_dates_told_of_parcels_under_way_come_true_too() -> None:
    begins = datetime(2026, 1, 5, tzinfo=UTC)
    told = replayed(lived(Random(8), begins, 90, 40), asks_after=2 * DAY)
    assert told.n > 900
    assert 0.44 <= told.within_median / told.n <= 0.58
    assert 0.86 <= told.within_most / told.n <= 0.94


@pytest.mark.parametrize(
    ("late", "n", "low", "high"),
    [(0, 10, 0.0, 0.278), (1, 10, 0.018, 0.404), (50, 1000, 0.038, 0.065), (10, 10, 0.722, 1.0)],
)
def test_an_interval_is_wilsons(late: int, n: int, low: float, high: float) -> None:
    found = Rate(late=late, n=n).interval
    assert found[0] == pytest.approx(low, abs=0.001)
    assert found[1] == pytest.approx(high, abs=0.001)


def test_bands_begin_at_five_and_end_at_twenty_of_a_hundred() -> None:
    assert [band_of(one) for one in (0.0499, 0.05, 0.2, 0.2001)] == [
        Band.LOW, Band.MIDDLE, Band.MIDDLE, Band.HIGH,
    ]  # fmt: skip
    assert not Rate(late=0, n=29).is_sure
    assert Rate(late=10, n=1000).is_sure
    assert not Rate(late=50, n=1000).is_sure


@pytest.mark.parametrize(
    ("said", "family"),
    [("DHL Express", "dhl"), ("dhl-germany", "dhl"), ("DHLParcel", "dhl"), ("UPS Mail", "ups"),
     ("United Parcel Service", "ups"), ("USPS", "usps"), ("FedEx Ground", "fedex"),
     ("Kurier Meier", "kuriermeier"), ("", "")],
)  # fmt: skip
def test_a_carrier_has_one_name(said: str, family: str) -> None:
    assert family_of(said) == family
    assert is_same(said, "")
    assert not is_same("DHL", "UPS")


@pytest.mark.parametrize(
    ("address", "country", "area"),
    [("Gasse 12345a\n79098 Freiburg", "DE", "79"), ("10 Downing St\nLondon SW1A 2AA", "GB", "SW"),
     ("1010 Wien", "AT", "10"), ("Somewhere", "DE", ""), ("79098", "BR", "")],
)  # fmt: skip
def test_an_area_is_how_a_postcode_begins(address: str, country: str, area: str) -> None:
    assert area_of(address, country) == area
