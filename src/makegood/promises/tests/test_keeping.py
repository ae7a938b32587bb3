from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from makegood.channels.models import Inbox
from makegood.conversations.actions import reopen_conversation, resolve_conversation
from makegood.conversations.merging import join_conversation, part_conversation
from makegood.ledger.models import Event
from makegood.promises.models import PolicyVersion, Promise
from makegood.promises.ticking import tick
from makegood.team.models import Agent
from tests.promised import MONDAY, H, a_policy, again, answered, promise, written

State, Kind = Promise.State, Promise.Kind


@pytest.fixture
def policy(db: None) -> PolicyVersion:
    return a_policy()


def test_a_message_makes_a_promise_of_an_answer_and_one_of_a_resolution(
    form: Inbox, policy: PolicyVersion
) -> None:
    lamp = written(form, "Where is it?", MONDAY)
    first, done = promise(lamp, Kind.FIRST), promise(lamp, Kind.RESOLUTION)
    assert (first.since, first.due_at) == (MONDAY, MONDAY + 2 * H)
    assert first.warn_at == first.next_at == MONDAY + 1.5 * H
    assert done.due_at == MONDAY + 24 * H
    assert first.version == policy
    made = Event.objects.filter(kind="promise.made").in_order().first()
    assert made is not None
    assert made.told()["by"] == "Usual always"


def test_words_that_follow_move_nothing(form: Inbox, policy: PolicyVersion) -> None:
    lamp = written(form, "Where is it?", MONDAY)
    again(lamp, "Hello?", MONDAY + H)
    assert promise(lamp, Kind.FIRST).due_at == MONDAY + 2 * H


def test_what_waited_before_the_policy_was_published_is_not_broken_by_it(
    form: Inbox, policy: PolicyVersion
) -> None:
    lamp = written(form, "Where is it?", MONDAY - timedelta(days=10))
    assert not Promise.objects.filter(conversation=lamp).exists()


def test_an_answer_in_time_keeps_it_and_the_resolution_rests(
    form: Inbox, policy: PolicyVersion, nora: Agent
) -> None:
    lamp = written(form, "Where is it?", MONDAY)
    answered(lamp, nora, MONDAY + H)
    first, done = promise(lamp, Kind.FIRST), promise(lamp, Kind.RESOLUTION)
    assert (first.state, first.settled_at) == (State.KEPT, MONDAY + H)
    assert (done.rests_since, done.next_at) == (MONDAY + H, None)


def test_an_answer_after_its_time_is_kept_late_and_stays_broken(
    form: Inbox, policy: PolicyVersion, nora: Agent
) -> None:
    lamp = written(form, "Where is it?", MONDAY)
    answered(lamp, nora, MONDAY + 3 * H)
    first = promise(lamp, Kind.FIRST)
    assert (first.state, first.broken_at) == (State.LATE, MONDAY + 2 * H)
    kept = Event.objects.get(kind="promise.kept")
    assert kept.facts["late_by"] == 3600
    assert Event.objects.get(kind="promise.broken").at == MONDAY + 2 * H


def test_an_answer_in_the_last_moment_is_in_time(
    form: Inbox, policy: PolicyVersion, nora: Agent
) -> None:
    lamp = written(form, "Where is it?", MONDAY)
    answered(lamp, nora, MONDAY + 2 * H)
    assert promise(lamp, Kind.FIRST).state == State.KEPT


def test_the_next_question_gets_a_promise_of_its_own_and_the_resolution_runs_on(
    form: Inbox, policy: PolicyVersion, nora: Agent
) -> None:
    lamp = written(form, "Where is it?", MONDAY)
    answered(lamp, nora, MONDAY + H)
    again(lamp, "And now?", MONDAY + 5 * H)
    assert promise(lamp, Kind.NEXT).due_at == MONDAY + 6 * H
    done = promise(lamp, Kind.RESOLUTION)
    assert done.rests_since is None
    assert done.due_at == MONDAY + 28 * H


def test_resolving_keeps_the_resolution_and_drops_the_answer(
    form: Inbox, policy: PolicyVersion, nora: Agent
) -> None:
    lamp = written(form, "Thanks, it came!", MONDAY)
    with time_machine.travel(MONDAY + H, tick=False):
        resolve_conversation(lamp, by=nora)
    first, done = promise(lamp, Kind.FIRST), promise(lamp, Kind.RESOLUTION)
    assert (first.state, first.reason) == (State.WITHDRAWN, "resolved")
    assert done.state == State.KEPT
    with time_machine.travel(MONDAY + 4 * H, tick=False):
        reopen_conversation(lamp, by=nora)
    first, done = promise(lamp, Kind.FIRST), promise(lamp, Kind.RESOLUTION)
    assert (first.state, first.broken_at) == (State.BROKEN, MONDAY + 2 * H)
    assert (done.state, done.due_at) == (State.OPEN, MONDAY + 24 * H)


def test_joined_the_earlier_time_holds_and_parted_each_has_its_own(
    form: Inbox, policy: PolicyVersion, nora: Agent
) -> None:
    one = written(form, "Where is it?", MONDAY)
    other = written(form, "The invoice, please", MONDAY + H, email="karim@example.com")
    with time_machine.travel(MONDAY + 1.2 * H, tick=False):
        join_conversation(one, into=other, by=nora)
    assert promise(one, Kind.FIRST).reason == "joined"
    stays = promise(other, Kind.FIRST)
    assert (stays.since, stays.due_at) == (MONDAY, MONDAY + 2 * H)
    with time_machine.travel(MONDAY + 1.4 * H, tick=False):
        part_conversation(one, by=nora)
    assert promise(one, Kind.FIRST).due_at == MONDAY + 2 * H
    assert promise(one, Kind.FIRST).state == State.OPEN
    stays.refresh_from_db()
    assert (stays.since, stays.due_at) == (MONDAY + H, MONDAY + 3 * H)


def test_the_clock_warns_once_and_breaks_once(form: Inbox, policy: PolicyVersion) -> None:
    lamp = written(form, "Where is it?", MONDAY)
    assert tick(MONDAY + 1.5 * H) == 0
    later = MONDAY + 1.6 * H
    assert [tick(later), tick(later)] == [1, 0]
    first = promise(lamp, Kind.FIRST)
    assert first.is_at_risk
    assert [tick(MONDAY + 3 * H), tick(MONDAY + 3 * H)] == [1, 0]
    first.refresh_from_db()
    assert (first.state, first.broken_at, first.next_at) == (State.BROKEN, MONDAY + 2 * H, None)
    told = Event.objects.filter(kind__in=["promise.warned", "promise.broken"])
    assert sorted(told.values_list("kind", flat=True)) == ["promise.broken", "promise.warned"]
    assert timezone.is_aware(first.due_at)


def test_a_clock_that_rested_for_years_runs_on_when_the_customer_writes(
    form: Inbox, policy: PolicyVersion, nora: Agent
) -> None:
    lamp = written(form, "Where is it?", MONDAY)
    answered(lamp, nora, MONDAY + H)
    years = timedelta(days=366 * 6)
    with time_machine.travel(MONDAY + years, tick=False):
        again(lamp, "It never came.", MONDAY + years)
    done = promise(lamp, Kind.RESOLUTION)
    assert done.due_at == MONDAY + years + 23 * H
    assert promise(lamp, Kind.NEXT).due_at == MONDAY + years + H
