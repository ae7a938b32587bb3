"""A visitor's words are kept and placed in one commit; what has no place yet is kept too."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from makegood.channels.interface import Incoming
from makegood.channels.models import Arrival, Inbox
from makegood.chat.actions import Said, admit, say
from makegood.conversations import intake
from makegood.conversations.models import Conversation, Message
from makegood.conversations.replying import Reply, reply_to

WORDS = Said(client_id="a-word-of-a-visitor", text="Is the brass lamp in stock?")


class Odd(Exception):
    """Something that nobody foresaw."""


@pytest.fixture
def trouble() -> Iterator[list[bool]]:
    """As long as there is one, nothing that arrives can be placed."""
    troubles = [True]

    def fails(_incoming: Incoming, _arrival: Arrival) -> str:
        if troubles:
            raise Odd
        return ""

    intake.asks_first(fails)
    yield troubles
    intake._TAKERS.remove(fails)


def test_what_cannot_be_placed_is_kept_and_said_once(chat: Inbox, trouble: list[bool]) -> None:
    visitor = admit(chat, "v" * 43)
    with pytest.raises(Odd):
        say(visitor, WORDS)
    assert Arrival.objects.filter(taken_at=None, origin="chat").count() == 1
    assert not Message.objects.exists()
    trouble.clear()
    message = say(visitor, WORDS)
    assert message == say(visitor, WORDS)
    assert Message.objects.count() == Arrival.objects.count() == 1


def test_the_worker_leaves_to_the_page_what_it_has_in_hand(
    chat: Inbox, trouble: list[bool]
) -> None:
    with pytest.raises(Odd):
        say(admit(chat, "v" * 43), WORDS)
    trouble.clear()
    assert not intake.waiting_arrivals()
    Arrival.objects.update(arrived_at=timezone.now() - timedelta(seconds=6))
    (waiting,) = intake.waiting_arrivals()
    intake.take_in_arrival(waiting)
    assert Message.objects.get().text == WORDS.text


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_words_and_answers_in_the_same_moment_never_wait_for_each_other(
    chat: Inbox, nora: Any
) -> None:
    visitor = admit(chat, "v" * 43)
    say(visitor, WORDS)
    place = Conversation.objects.get()
    troubles: list[DatabaseError] = []

    def run(act: Any) -> None:
        try:
            for number in range(25):
                act(number)
        except DatabaseError as trouble:
            troubles.append(trouble)
        finally:
            connection.close()

    def speak(number: int) -> None:
        say(visitor, Said(client_id=f"word-{number}-of-a-visitor", text=f"Word {number}"))

    def answer(number: int) -> None:
        reply_to(place, Reply(text=f"Answer {number}", client_key=f"key-{number}"), by=nora)

    threads = [threading.Thread(target=run, args=[act]) for act in (speak, answer)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not troubles
    assert Message.objects.filter(direction=Message.Direction.INCOMING).count() == 26
    assert Message.objects.filter(direction=Message.Direction.OUTGOING).count() == 25
