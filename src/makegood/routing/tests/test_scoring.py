"""The one function that says who is best placed, under every floor that can be thought of."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from makegood.routing.scoring import Candidate, Standing, is_for, ranked
from makegood.routing.skill import Knowing

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CANDIDATES = st.builds(
    Candidate,
    agent=st.integers(1, 999),
    standing=st.sampled_from(Standing),
    may_see=st.booleans(),
    load=st.integers(0, 12),
    most=st.integers(0, 12),
    weight=st.integers(1, 6),
    knowing=st.builds(Knowing, share=st.floats(0, 1), is_refused=st.booleans()),
    answered=st.integers(0, 9),
    wrote_here=st.booleans(),
    given=st.integers(0, 9),
    last_given=st.none() | st.just(NOON) | st.just(NOON - timedelta(hours=1)),
)
FLOORS = st.lists(CANDIDATES, max_size=8, unique_by=lambda one: one.agent)
PLAIN = Candidate(agent=1, standing=Standing.HERE, may_see=True, load=0, most=8, weight=1)


@given(FLOORS)
def test_nobody_is_chosen_who_is_absent_blind_full_or_not_meant(floor: list[Candidate]) -> None:
    by_number = {one.agent: one for one in floor}
    for rank in ranked(floor):
        one = by_number[rank.agent]
        assert one.standing == Standing.HERE
        assert one.may_see
        assert one.load + one.weight <= one.most
        assert not one.knowing.is_refused


@given(FLOORS)
def test_whoever_can_be_chosen_is_in_the_order(floor: list[Candidate]) -> None:
    able = {one.agent for one in floor if one.bar() is None}

    assert {rank.agent for rank in ranked(floor)} == able


@given(FLOORS, st.randoms(use_true_random=False))
def test_the_same_floor_gives_the_same_order(floor: list[Candidate], random: object) -> None:
    mixed = list(floor)
    random.shuffle(mixed)  # type: ignore[attr-defined]

    assert ranked(mixed) == ranked(floor)


@given(FLOORS)
def test_points_fall_and_stay_within_a_hundred(floor: list[Candidate]) -> None:
    points = [rank.points for rank in ranked(floor)]

    assert points == sorted(points, reverse=True)
    assert all(0 <= one <= 100 for one in points)


@given(FLOORS)
def test_for_the_best_placed_it_always_is(floor: list[Candidate]) -> None:
    ranks = ranked(floor)

    assert not ranks or is_for(ranks[0].agent, ranks)


@given(st.integers(1, 7), st.integers(1, 60))
def test_among_equals_everybody_gets_as_much(people: int, conversations: int) -> None:
    floor = [replace(PLAIN, agent=number) for number in range(1, people + 1)]
    got: Counter[int] = Counter()
    for number in range(conversations):
        chosen = ranked(floor)[0].agent
        got[chosen] += 1
        at = NOON + timedelta(minutes=number)
        floor = [
            replace(one, given=one.given + 1, last_given=at) if one.agent == chosen else one
            for one in floor
        ]
    counts = [got[one.agent] for one in floor]
    assert max(counts) - min(counts) <= 1


def test_each_reason_counts_in_its_direction() -> None:
    better = [
        replace(PLAIN, knowing=Knowing(share=0.9)),
        replace(PLAIN, wrote_here=True),
        replace(PLAIN, answered=2),
    ]
    worse = [
        replace(PLAIN, knowing=Knowing(share=0.1)),
        replace(PLAIN, load=5),
        replace(PLAIN, given=4),
    ]
    for one in better:
        assert ranked([PLAIN, replace(one, agent=2)])[0].agent == 2
    for one in worse:
        assert ranked([replace(one, agent=1), replace(PLAIN, agent=2)])[0].agent == 2
