from datetime import timedelta
from typing import Any

import pytest
import time_machine

from makegood.channels.models import Inbox
from makegood.conversations.merging import join_conversation, part_conversation
from makegood.conversations.models import Conversation
from makegood.conversations.unwanted import mark_as_spam
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.promises.actions import (
    Word,
    hand_promise,
    keep_promise,
    make_promise,
    move_promise,
    withdraw_promise,
)
from makegood.promises.models import Promise
from makegood.promises.ticking import tick
from makegood.team.models import Agent
from tests.promised import MONDAY, H, answered, written

State = Promise.State


@pytest.fixture
def asked(form: Inbox) -> Conversation:
    return written(form, "Where is my lamp?", MONDAY)


def give(conversation: Conversation, by: Agent, hours: float = 8, **more: Any) -> Promise:
    word = Word(words="I write by noon", due_at=MONDAY + hours * H, owner=by, **more)
    with time_machine.travel(MONDAY + H, tick=False):
        return make_promise(conversation, word, by=by)


def test_the_next_answer_keeps_a_word_but_not_the_answer_that_gave_it(
    asked: Conversation, nora: Agent
) -> None:
    answered(asked, nora, MONDAY + H)
    given = give(asked, nora)
    answered(asked, nora, MONDAY + 2 * H, "Here it is.")
    given.refresh_from_db()
    assert (given.state, given.settled_at) == (State.KEPT, MONDAY + 2 * H)
    assert given.settled_by.startswith("message:")


def test_what_writing_does_not_keep_is_kept_by_saying_so(asked: Conversation, nora: Agent) -> None:
    given = give(asked, nora, is_kept_by_writing=False)
    answered(asked, nora, MONDAY + 2 * H)
    given.refresh_from_db()
    assert given.state == State.OPEN
    with time_machine.travel(MONDAY + 9 * H, tick=False):
        keep_promise(given, by=nora)
        given = keep_promise(given, by=nora)
    assert (given.state, given.broken_at) == (State.LATE, MONDAY + 8 * H)
    assert Event.objects.filter(kind="promise.kept").count() == 1


def test_the_same_word_given_twice_is_one_promise(asked: Conversation, nora: Agent) -> None:
    assert give(asked, nora) == give(asked, nora)


def test_it_warns_breaks_and_is_not_moved_out_of_it(asked: Conversation, nora: Agent) -> None:
    given = give(asked, nora)
    with time_machine.travel(MONDAY + 2 * H, tick=False):
        move_promise(given, due_at=MONDAY + 10 * H, reason="The carrier asks", by=nora)
    assert tick(MONDAY + 8.5 * H) == 1
    given.refresh_from_db()
    assert given.is_at_risk
    assert tick(MONDAY + 11 * H) == 1
    with time_machine.travel(MONDAY + 12 * H, tick=False), pytest.raises(Refused, match="passed"):
        move_promise(given, due_at=MONDAY + 20 * H, reason="Later", by=nora)
    given.refresh_from_db()
    assert (given.state, given.due_at) == (State.BROKEN, MONDAY + 10 * H)


def test_taken_back_it_says_why_and_what_was_broken_stays_broken(
    asked: Conversation, nora: Agent
) -> None:
    given, late = give(asked, nora), give(asked, nora, hours=3)
    with time_machine.travel(MONDAY + 4 * H, tick=False):
        with pytest.raises(Refused, match="Say why"):
            withdraw_promise(given, reason=" ", by=nora)
        assert withdraw_promise(given, reason="She called", by=nora).state == State.WITHDRAWN
        assert withdraw_promise(late, reason="She called", by=nora).state == State.BROKEN
    assert Event.objects.filter(kind="promise.broken").count() == 1


def test_it_is_handed_to_who_sees_the_conversation_only(
    asked: Conversation, nora: Agent, tomas: Agent, vera: Agent
) -> None:
    given = give(asked, nora)
    assert hand_promise(given, owner=tomas, by=nora).owner == tomas
    with pytest.raises(Refused, match="Vera"):
        hand_promise(given, owner=vera, by=nora)


def test_it_goes_where_its_conversation_goes_and_back(
    asked: Conversation, form: Inbox, nora: Agent
) -> None:
    given = give(asked, nora)
    other = written(form, "An invoice, please", MONDAY, email="karim@example.com")
    join_conversation(asked, into=other, by=nora)
    given.refresh_from_db()
    assert given.conversation == other
    part_conversation(asked, by=nora)
    given.refresh_from_db()
    assert (given.conversation, given.home) == (asked, None)


def test_nobody_owes_a_word_to_spam(asked: Conversation, nora: Agent) -> None:
    given = give(asked, nora)
    with time_machine.travel(MONDAY + 2 * H, tick=False):
        mark_as_spam(asked, by=nora)
    given.refresh_from_db()
    assert (given.state, given.reason) == (State.WITHDRAWN, "spam")


def test_times_that_have_passed_are_refused(asked: Conversation, nora: Agent) -> None:
    word = Word(words="Soon", due_at=MONDAY - timedelta(minutes=1))
    with time_machine.travel(MONDAY, tick=False), pytest.raises(Refused, match="passed"):
        make_promise(asked, word, by=nora)
