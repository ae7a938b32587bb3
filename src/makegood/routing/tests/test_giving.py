"""Asking for the next one, being given, and what goes on from who is away."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from makegood.conversations.actions import assign_conversation, set_priority, tag_conversation
from makegood.conversations.models import Conversation, Tag
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.presence.actions import Spot, beat
from makegood.presence.models import Presence
from makegood.routing.actions import give, take_next
from makegood.routing.choosing import board
from makegood.routing.models import Choice, TeamRouting
from makegood.routing.queries import best_placed, choice_of
from makegood.routing.setting import RoutingWish, set_routing, set_strengths
from makegood.routing.tests.floors import answered, at_the_desk, someone_else, waiting
from makegood.routing.working import route_next
from makegood.team.absences import come_back, go_away
from makegood.team.capacity import Room, set_capacity
from makegood.team.shifts import Rota, set_shifts
from tests.world import EARLIER

URGENT = Conversation.Priority.URGENT
BEST, BACK = TeamRouting.WhenAway.BEST, TeamRouting.WhenAway.BACK


def test_who_asks_gets_the_most_urgent_that_waits(form: Any, nora: Any, tomas: Any) -> None:
    first, second = waiting(form, 1), waiting(form, 2)
    set_priority(second, URGENT, by=tomas)

    assert take_next(nora) == second
    assert take_next(nora) == first
    assert take_next(nora) is None
    first.refresh_from_db()
    assert first.assignee == nora


def test_what_is_kept_for_who_knows_it_better_goes_to_them(
    form: Any, nora: Any, tomas: Any
) -> None:
    first, second = waiting(form, 1), waiting(form, 2)
    tag_conversation(first, ["returns"], by=tomas)
    _knows(tomas, "returns", "well", by=tomas)
    at_the_desk(tomas)

    assert take_next(nora) == second
    assert take_next(tomas) == first


def test_what_nobody_better_is_here_for_is_kept_for_nobody(
    form: Any, nora: Any, tomas: Any
) -> None:
    first, second = waiting(form, 1), waiting(form, 2)
    tag_conversation(first, ["returns"], by=tomas)
    _knows(tomas, "returns", "well", by=tomas)

    assert take_next(nora) == first, "Tomas is not at the desk"
    assert take_next(nora) == second


def test_nobody_is_idle_while_somebody_waits(form: Any, nora: Any, tomas: Any) -> None:
    only = waiting(form)
    tag_conversation(only, ["returns"], by=tomas)
    _knows(tomas, "returns", "well", by=tomas)
    at_the_desk(tomas)

    assert take_next(nora) == only


def test_nobody_gets_what_they_may_not_see(form: Any, vera: Any) -> None:
    waiting(form)

    assert take_next(vera) is None


def test_nobody_holds_more_than_they_can(form: Any, nora: Any, olga: Any) -> None:
    waiting(form, 1), waiting(form, 2)
    set_capacity(nora, Room(most=1), by=olga)

    assert take_next(nora) is not None
    with pytest.raises(Refused, match="As much waits for you"):
        take_next(nora)


def test_what_weighs_more_than_there_is_room_for_goes_elsewhere(
    form: Any, nora: Any, olga: Any
) -> None:
    waiting(form)
    set_capacity(nora, Room(most=4, weights={"web": 5}), by=olga)

    assert take_next(nora) is None


def test_who_is_away_asks_for_nothing(form: Any, nora: Any) -> None:
    waiting(form)
    go_away(nora, by=nora)
    with pytest.raises(Refused, match="You are set to away"):
        take_next(nora)

    come_back(nora, by=nora)
    assert take_next(nora) is not None


def test_what_somebody_writes_in_is_left_to_them(form: Any, nora: Any, tomas: Any) -> None:
    only = waiting(form)
    spot = Spot(place=only.ref, inbox=form.pk, doing=Presence.Doing.ANSWER)
    beat("page", spot, by=tomas)

    assert take_next(nora) is None


def test_what_another_took_since_is_not_given(form: Any, nora: Any, tomas: Any) -> None:
    only = waiting(form)
    seen = board([only.pk], timezone.now())
    (matter,) = seen.matters
    assign_conversation(only, agent=tomas, team=None, by=tomas)

    assert not give(matter, to=nora, how="asked", ranks=[], by=nora)
    only.refresh_from_db()
    assert only.assignee == tomas
    assert not Choice.objects.exists()


def test_what_another_took_before_the_look_is_theirs(form: Any, nora: Any, tomas: Any) -> None:
    """Somebody asked what waits; before the look at it, one was taken."""
    taken, free = waiting(form, 1), waiting(form, 2)
    asked = [taken.pk, free.pk]
    assign_conversation(taken, agent=tomas, team=None, by=tomas)
    seen = board(asked, timezone.now())

    assert [one.pk for one in seen.held_by(None)] == [free.pk]
    assert [one.pk for one in seen.held_by(tomas.pk)] == [taken.pk]
    assert not seen.held_by(nora.pk)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_never_get_the_same(form: Any, nora: Any, front: Any) -> None:
    for number in range(6):
        waiting(form, number)
    agents = [nora, *(someone_else(f"Agent{n}", front) for n in range(3))]
    got: list[int] = []

    def ask(agent: Any) -> None:
        try:
            found = take_next(agent)
            got.extend([found.pk] if found else [])
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(agent,)) for agent in [*agents, *agents]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(got) == len(set(got)) == 6
    assert Choice.objects.count() == 6


def test_a_team_that_takes_by_hand_is_given_nothing(form: Any, nora: Any) -> None:
    waiting(form)
    at_the_desk(nora)

    assert route_next() == 0


def test_a_team_is_given_what_waits(form: Any, nora: Any, front: Any, olga: Any) -> None:
    first, second = waiting(form, 1), waiting(form, 2)
    set_routing(front, RoutingWish(gives=True), by=olga)
    assert route_next() == 0, "nobody is at the desk"

    at_the_desk(nora)
    assert route_next() == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.assignee == second.assignee == nora
    assert route_next() == 0


def test_what_is_given_is_shared_fairly(form: Any, nora: Any, front: Any, olga: Any) -> None:
    others = [someone_else(f"Agent{number}", front) for number in range(2)]
    for number in range(9):
        waiting(form, number)
    set_routing(front, RoutingWish(gives=True), by=olga)
    at_the_desk(nora, *others)

    assert route_next() == 9
    for agent in (nora, *others):
        assert Conversation.objects.filter(assignee=agent).count() == 3


def test_nothing_is_given_to_who_is_away_or_off(
    form: Any, nora: Any, front: Any, olga: Any
) -> None:
    tina = someone_else("Tina", front)
    at_the_desk(nora, tina)
    set_routing(front, RoutingWish(gives=True), by=olga)
    go_away(nora, by=nora)
    today = timezone.now().date()
    free = {today + timedelta(days=n): () for n in (-1, 0, 1)}
    set_shifts(tina, Rota(zone="UTC", week=[()] * 7, dates=free), by=olga)
    waiting(form)

    assert route_next() == 0


def test_who_the_customer_knows_comes_first(form: Any, nora: Any, front: Any, olga: Any) -> None:
    tina = someone_else("Tina", front)
    earlier = waiting(form, 7)
    answered(earlier, tina)
    again = waiting(form, 7, subject="Another", at=EARLIER + timedelta(days=40))
    at_the_desk(nora, tina)

    assert again != earlier
    first, *_rest = best_placed(again)
    assert first.name == "Tina"
    assert "answered this customer once" in first.reasons


def test_a_choice_says_why(form: Any, nora: Any, front: Any, olga: Any) -> None:
    only = waiting(form)
    tag_conversation(only, ["returns"], by=olga)
    _knows(nora, "returns", "knows", by=olga)
    set_routing(front, RoutingWish(gives=True), by=olga)
    at_the_desk(nora)
    route_next()

    told = choice_of(only)
    assert told is not None
    assert told.first.name == "Nora"
    assert told.first.reasons == "here, 0 of 12, knows returns"


def test_who_overrules_a_choice_is_noted_and_it_stays(
    form: Any, nora: Any, front: Any, tomas: Any, olga: Any
) -> None:
    only = waiting(form)
    set_routing(front, RoutingWish(gives=True), by=olga)
    at_the_desk(nora)
    route_next()
    assign_conversation(only, agent=tomas, team=None, by=tomas)

    told = choice_of(only)
    assert told is not None
    assert (told.first.name, told.overruled_by) == ("Nora", "Tomas")
    assert route_next() == 0


def test_what_waits_for_who_is_away_goes_to_the_best_placed_after_a_while(
    form: Any, nora: Any, front: Any, olga: Any
) -> None:
    tina = someone_else("Tina", front)
    wish = RoutingWish(gives=False, when_away=BEST, grace_minutes=10)
    set_routing(front, wish, by=olga)
    only = waiting(form)
    assign_conversation(only, agent=nora, team=None, by=nora)
    go_away(nora, by=nora)
    at_the_desk(tina)
    assert route_next() == 0, "the grace is not over"

    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        at_the_desk(tina)
        assert route_next() == 1
    only.refresh_from_db()
    assert only.assignee == tina
    (moved,) = Event.objects.about(only.ref).filter(kind="conversation.moved_on")
    assert moved.facts["agent"] == nora.pk


def test_what_goes_back_goes_back_only_while_somebody_is_there(
    form: Any, nora: Any, front: Any, olga: Any
) -> None:
    tina = someone_else("Tina", front)
    set_routing(front, RoutingWish(when_away=BACK, grace_minutes=0), by=olga)
    only = waiting(form)
    assign_conversation(only, agent=nora, team=front, by=nora)
    go_away(nora, by=nora)
    assert route_next() == 0

    at_the_desk(tina)
    assert route_next() == 1
    only.refresh_from_db()
    assert (only.assignee, only.team) == (None, front)


def test_nothing_jumps_while_somebody_types(form: Any, nora: Any, front: Any, olga: Any) -> None:
    tina = someone_else("Tina", front)
    set_routing(front, RoutingWish(when_away=BEST, grace_minutes=0), by=olga)
    only = waiting(form)
    assign_conversation(only, agent=nora, team=None, by=nora)
    go_away(nora, by=nora)
    at_the_desk(tina)
    beat("own", Spot(place=only.ref, inbox=form.pk, doing=Presence.Doing.ANSWER), by=nora)
    assert route_next() == 0

    beat("own", Spot(place=only.ref, inbox=form.pk), by=nora)
    assert route_next() == 1


def test_what_waits_for_who_is_here_stays(form: Any, nora: Any, front: Any, olga: Any) -> None:
    tina = someone_else("Tina", front)
    set_routing(front, RoutingWish(when_away=BEST, grace_minutes=0), by=olga)
    only = waiting(form)
    assign_conversation(only, agent=nora, team=None, by=nora)
    at_the_desk(nora, tina)

    assert route_next() == 0


@pytest.mark.parametrize("count", [2, 8])
def test_asking_costs_as_much_for_many_as_for_few(
    form: Any, nora: Any, count: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        waiting(form, number)
    with django_assert_max_num_queries(45):
        assert take_next(nora) is not None


def test_a_house_that_routes_nothing_pays_one_query(
    form: Any, nora: Any, django_assert_num_queries: Any
) -> None:
    waiting(form)
    with django_assert_num_queries(1):
        assert route_next() == 0


def _knows(agent: Any, tag: str, level: str, *, by: Any) -> None:
    set_strengths(agent, {f"tag:{Tag.objects.get(name=tag).pk}": level}, by=by)
