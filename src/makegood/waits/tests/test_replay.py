"""Whole histories told again: what would have been told came true as often as it said."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

import pytest

from makegood.waits.calibrating import Said, calibrated
from makegood.waits.curves import MEDIAN, MOST, Outcome, gamma_quantile, surviving
from makegood.waits.histories import NINE_TO_FIVE, ZONE, Desk, arrivals, lived
from makegood.waits.replaying import Lived, Replay, Told

BEGINS = datetime(2026, 1, 5, tzinfo=UTC)
DESKS = {
    "calm": (Desk(), 30),
    "alone": (Desk(agents=1, minutes=15), 10),
    "as they like": (Desk(agents=2, picks=1.0), 25),
}


@cache
def history(name: str) -> Sequence[Lived]:
    (desk, a_day), random = DESKS[name], Random(7)
    return lived(random, arrivals(random, BEGINS, 70, a_day), desk)


def said(told: Sequence[Told]) -> Sequence[Said]:
    return [
        Said(median=one.median_seconds, most=one.most_seconds, seconds=one.seconds) for one in told
    ]


@pytest.mark.parametrize("name", sorted(DESKS))
def test_what_would_have_been_told_came_true(name: str) -> None:
    replay = Replay(zone=ZONE, hours=DESKS[name][0].hours)
    found = calibrated(said(replay.run(history(name))))
    assert found is not None
    assert found.n > 300
    assert 0.40 <= found.within_median <= 0.62
    assert 0.82 <= found.within_most <= 0.97


def test_it_knows_more_than_one_length_for_all() -> None:
    """Against who always says the same two lengths, known only afterwards, it loses less."""
    told = Replay(zone=ZONE, hours=DESKS["calm"][0].hours).run(history("calm"))
    real = sorted(one.seconds for one in told)
    half, most = real[len(real) // 2], real[len(real) * 9 // 10]
    same = [Said(median=half, most=most, seconds=one.seconds) for one in told]
    ours, theirs = calibrated(said(told)), calibrated(same)
    assert ours is not None
    assert theirs is not None
    assert ours.pinball < theirs.pinball / 2


def test_without_opening_hours_nights_are_learned() -> None:
    found = calibrated(said(Replay(zone=ZONE).run(history("alone"))))
    assert found is not None
    assert 0.38 <= found.within_median <= 0.64
    assert 0.80 <= found.within_most <= 0.98


def test_nothing_is_told_before_enough_is_known() -> None:
    replay = Replay(zone=ZONE, hours=NINE_TO_FIVE)
    few = [
        Lived(
            began_at=BEGINS + timedelta(days=n, hours=10),
            ended_at=BEGINS + timedelta(days=n, hours=11),
            agent=1,
        )
        for n in range(19)
    ]
    assert replay.run(few) == []
    assert replay.silent == 19


def test_gamma_quantiles_are_near_the_tables() -> None:
    """1: -ln(1/2) and -ln(1/10); 10: chi-squared with 20 degrees of freedom, halved."""
    assert abs(gamma_quantile(1, MEDIAN) - 0.6931) < 0.02
    assert abs(gamma_quantile(1, MOST) - 2.3026) < 0.03
    assert abs(gamma_quantile(10, MEDIAN) - 9.6687) < 0.01
    assert abs(gamma_quantile(10, MOST) - 14.2060) < 0.02


def test_who_waits_still_counts_as_slow() -> None:
    over = [Outcome(ahead=0, ratio=1.0 + n, is_over=True) for n in range(4)]
    running = [Outcome(ahead=0, ratio=2.5, is_over=False) for _n in range(4)]
    assert surviving(over, MEDIAN) == 2.0
    slower = surviving([*over, *running], MEDIAN)
    assert slower is not None
    assert slower > 2.0
