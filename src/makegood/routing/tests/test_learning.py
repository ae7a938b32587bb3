"""What is learned from what became of answers, and that it can be made anew."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.conversations.actions import (
    reopen_conversation,
    resolve_conversation,
    tag_conversation,
)
from makegood.ledger.followers import catch_up
from makegood.routing.learning import NAME, learn_anew
from makegood.routing.models import Experience, Outcome
from makegood.routing.skill import HALF_LIFE, Place, Tally, knowing
from makegood.routing.tests.floors import answered, waiting

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
IN_GERMAN = Place(0, "de", "email")


def _good(agent: Any, topic: int = 0) -> float:
    catch_up(NAME)
    row = Experience.objects.filter(agent=agent, topic=topic).first()
    return round(row.good, 3) if row else 0.0


def test_what_was_settled_counts_for_who_answered(form: Any, nora: Any, tomas: Any) -> None:
    only = waiting(form)
    answered(only, nora)
    resolve_conversation(only, by=tomas)

    assert (_good(nora), _good(tomas)) == (1.0, 0.0)


def test_what_is_settled_without_a_word_counts_for_who_settled_it(form: Any, tomas: Any) -> None:
    resolve_conversation(waiting(form), by=tomas)

    assert _good(tomas) == 1.0


def test_tags_share_what_was_settled(form: Any, nora: Any) -> None:
    only = waiting(form)
    tag_conversation(only, ["returns", "lamps"], by=nora)
    answered(only, nora)
    resolve_conversation(only, by=nora)

    shares = [_good(nora, tag.pk) for tag in only.tags.all()]
    assert shares == [0.5, 0.5]


def test_what_is_opened_again_counts_no_more(form: Any, nora: Any) -> None:
    only = waiting(form)
    answered(only, nora)
    resolve_conversation(only, by=nora)
    assert _good(nora) == 1.0

    reopen_conversation(only, by=nora)
    assert _good(nora) == 0.0
    assert Experience.objects.get(agent=nora).tried == pytest.approx(1.0, abs=0.001)


def test_a_word_of_thanks_takes_nothing_away(form: Any, nora: Any, tomas: Any) -> None:
    only = waiting(form)
    answered(only, nora)
    resolve_conversation(only, by=nora)
    reopen_conversation(only, by=tomas)
    resolve_conversation(only, by=tomas)

    assert (_good(nora), _good(tomas)) == (1.0, 0.0)
    assert Outcome.objects.count() == 1


def test_what_another_then_answers_counts_for_them(form: Any, nora: Any, tomas: Any) -> None:
    only = waiting(form)
    answered(only, nora)
    resolve_conversation(only, by=nora)
    reopen_conversation(only, by=nora)
    answered(only, tomas)
    resolve_conversation(only, by=tomas)

    assert (_good(nora), _good(tomas)) == (0.0, 1.0)


def test_learned_anew_is_the_same(form: Any, nora: Any, tomas: Any) -> None:
    for number, agent in enumerate([nora, tomas, nora]):
        one = waiting(form, number)
        answered(one, agent)
        resolve_conversation(one, by=agent)
    reopen_conversation(one, by=nora)
    catch_up(NAME)
    before = _told()

    learn_anew()
    catch_up(NAME)
    assert _told() == before


def test_a_batch_asks_as_much_for_many_as_for_one(
    form: Any, nora: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        resolve_conversation(waiting(form, number), by=nora)
    with django_assert_max_num_queries(45):
        catch_up(NAME)
    assert _good(nora) == 6.0


def _told() -> list[tuple[Any, ...]]:
    rows = Experience.objects.order_by("agent", "topic", "language", "channel")
    return [
        (row.agent_id, row.topic, round(row.good, 6), round(row.tried, 6), row.as_of)
        for row in rows
    ]


def test_after_a_half_life_an_outcome_counts_half() -> None:
    tally = Tally(as_of=MONDAY, good=4.0, tried=6.0).later(MONDAY + HALF_LIFE)

    assert (tally.good, tally.tried) == (2.0, 3.0)


OUTCOMES = st.lists(st.tuples(st.integers(0, 400), st.floats(0, 1)), min_size=1, max_size=12)


@given(OUTCOMES, st.randoms(use_true_random=False))
def test_outcomes_add_up_to_the_same_in_whatever_order(outcomes: Any, random: Any) -> None:
    def total(some: Any) -> float:
        tally = Tally(as_of=MONDAY)
        for day, good in some:
            tally = tally.with_outcome(MONDAY + timedelta(days=day), good=good, tried=1.0)
        return tally.later(MONDAY + timedelta(days=500)).tried

    mixed = list(outcomes)
    random.shuffle(mixed)
    assert total(mixed) == pytest.approx(total(outcomes))


def test_good_outcomes_make_somebody_better_and_bad_ones_worse() -> None:
    def share(good: float, tried: float) -> float:
        tallies = {Place(5, "de", "email"): Tally(as_of=MONDAY, good=good, tried=tried)}
        return knowing(tallies, {}, [5], IN_GERMAN, MONDAY).share

    assert share(0, 3) < share(0, 0) == 0.5 < share(3, 3) < share(9, 9)


def test_experience_elsewhere_counts_for_less() -> None:
    def share(place: Place) -> float:
        tallies = {place: Tally(as_of=MONDAY, good=5, tried=5)}
        return knowing(tallies, {}, [5], IN_GERMAN, MONDAY).share

    at_hand = share(Place(5, "de", "email"))
    assert at_hand > share(Place(5, "de", "chat")) > share(Place(5, "fr", "email"))
    assert at_hand > share(Place(0, "de", "email")) > 0.5


def test_what_somebody_said_goes_before_what_was_learned() -> None:
    tallies = {Place(5, "de", "email"): Tally(as_of=MONDAY, good=9, tried=9)}

    assert knowing(tallies, {"language:de": "not"}, [5], IN_GERMAN, MONDAY).is_refused
    known = knowing({}, {"tag:5": "well"}, [5], IN_GERMAN, MONDAY)
    assert (known.topic, known.is_known) == (5, True)
