"""A word in an answer: given when it leaves, not before; and taken back with it."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from makegood.conversations.models import Conversation, Message
from makegood.conversations.replying import Reply
from makegood.promises.actions import Word
from makegood.promises.models import Meant, Promise
from makegood.promises.saying import answer_with_words, prepare_with_words
from makegood.sending.approving import approve_answer
from makegood.sending.models import Prepared
from makegood.sending.preparing import Wish, withdraw_prepared
from makegood.sending.rules import set_whose_answers_wait
from makegood.sending.undoing import take_back
from makegood.team.models import Agent

TEXT = "I'll write again by Friday."


@pytest.fixture
def due() -> datetime:
    return (timezone.now() + timedelta(days=2)).replace(microsecond=0)


def personal() -> list[tuple[str, str]]:
    given = Promise.objects.filter(kind="personal").order_by("pk")
    return [(one.words, one.state) for one in given]


def test_a_word_is_given_with_the_answer_that_says_it(
    lamp: Conversation, nora: Agent, due: datetime
) -> None:
    word = Word(words=TEXT, due_at=due)
    for _again in range(2):
        answer_with_words(lamp, Reply(text=TEXT, client_key="one"), [word], by=nora)
    promise = Promise.objects.get(kind="personal")
    assert (promise.words, promise.due_at, promise.owner) == (TEXT, due, nora)
    assert promise.message == Message.objects.get(direction="outgoing").pk
    assert promise.state == "open"


def test_the_next_answer_keeps_what_the_one_before_promised(
    lamp: Conversation, nora: Agent, due: datetime
) -> None:
    answer_with_words(lamp, Reply(text=TEXT), [Word(words=TEXT, due_at=due)], by=nora)
    again = Word(words="By Monday.", due_at=due + timedelta(days=3))
    answer_with_words(lamp, Reply(text="Here it is. By Monday."), [again], by=nora)
    assert personal() == [(TEXT, "kept"), ("By Monday.", "open")]


def test_an_answer_that_is_taken_back_promises_nothing(
    lamp: Conversation, nora: Agent, due: datetime
) -> None:
    answer_with_words(lamp, Reply(text=TEXT), [Word(words=TEXT, due_at=due)], by=nora)
    take_back(lamp, Message.objects.get(direction="outgoing").pk, by=nora)
    assert personal() == [(TEXT, "withdrawn")]
    assert Promise.objects.get(kind="personal").reason == "unsaid"


@pytest.fixture
def waits(lamp: Conversation, nora: Agent, tomas: Agent, due: datetime) -> Prepared:
    set_whose_answers_wait([nora], [], by=tomas)
    reply = Reply(text=TEXT, client_key="asks")
    answer_with_words(lamp, reply, [Word(words=TEXT, due_at=due)], by=nora)
    return Prepared.objects.get()


def test_what_waits_for_a_yes_promises_nothing_yet(waits: Prepared) -> None:
    assert not personal()
    assert [one.words for one in Meant.objects.filter(draft=waits.draft)] == [TEXT]


def test_what_was_waiting_promises_when_it_leaves(waits: Prepared, tomas: Agent) -> None:
    approve_answer(waits, seen=None, by=tomas)
    promise = Promise.objects.get(kind="personal")
    assert (promise.words, promise.state, promise.owner) == (TEXT, "open", waits.agent)
    assert not Meant.objects.exists()


def test_a_time_that_passed_while_it_waited_holds_nothing_up(waits: Prepared, tomas: Agent) -> None:
    Meant.objects.update(due_at=timezone.now() - timedelta(hours=1))
    approve_answer(waits, seen=None, by=tomas)
    assert Message.objects.filter(direction="outgoing").exists()
    assert not personal()


def test_what_never_leaves_promises_nothing(lamp: Conversation, nora: Agent, due: datetime) -> None:
    wish = Wish(state="later", due_at=timezone.now() + timedelta(hours=2))
    reply = Reply(text=TEXT, client_key="later")
    prepare_with_words(lamp, reply, wish, [Word(words=TEXT, due_at=due)], by=nora)
    assert Meant.objects.count() == 1
    withdraw_prepared(Prepared.objects.get(), by=nora)
    assert not personal()
