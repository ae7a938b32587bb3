"""Whoever wrote in the chat is told that one of us has read it: when that is so, and once."""

import pytest
from django.test import Client

from makegood.channels.models import Inbox
from makegood.chat.models import Visitor
from makegood.conversations.models import Conversation, Message
from makegood.conversations.replying import Reply, reply_to
from makegood.ledger.models import Event
from makegood.portal.tests.test_chat import IDA, KARIM, Browser
from makegood.team.models import Agent


@pytest.fixture
def ida(chat: Inbox) -> Browser:
    return Browser(chat, IDA)


@pytest.fixture
def as_nora(nora: Agent, client: Client) -> Client:
    client.force_login(nora)
    return client


def look(client: Client, upto: int | str = "") -> int:
    """What an agent's page says when a message stood in view there."""
    given = {"in_view": upto} if upto else {}
    return client.post(f"/conversations/{Conversation.objects.get().pk}/seen/", given).status_code


def facts() -> list[int]:
    told = Event.objects.filter(kind="chat.words_read").order_by("pk")
    return [one.facts["message"] for one in told]


def test_what_nobody_had_in_view_is_not_called_read(ida: Browser, as_nora: Client) -> None:
    ida.say("Hello?")
    assert ida.read()["their_read"] == 0
    look(as_nora)
    assert ida.read()["their_read"] == 0
    assert facts() == []


def test_what_an_agent_had_in_view_is_read_and_a_fact_once(ida: Browser, as_nora: Client) -> None:
    first = ida.say("Hello?").json()["message"]["seq"]
    for _time in range(3):
        assert look(as_nora, first) == 204
    assert ida.read()["their_read"] == first
    assert facts() == [first]
    second = ida.say("Is somebody there?", "second-word-of-ida").json()["message"]["seq"]
    assert ida.read()["their_read"] == first
    look(as_nora, second)
    look(as_nora, first)
    assert ida.read()["their_read"] == second
    assert facts() == [first, second]


def test_whoever_answers_has_read_it(ida: Browser, nora: Agent) -> None:
    asked = ida.say("Hello?").json()["message"]["seq"]
    reply_to(Conversation.objects.get(), Reply(text="Good morning!"), by=nora)
    assert ida.read()["their_read"] == asked
    assert facts() == [asked]
    later = ida.say("A lamp, please.", "second-word-of-ida").json()["message"]["seq"]
    assert ida.read()["their_read"] == asked < later


def test_a_look_counts_for_whose_words_they_were(
    ida: Browser, chat: Inbox, as_nora: Client
) -> None:
    first = ida.say("Hello?").json()["message"]["seq"]
    look(as_nora, first)
    karim = Browser(chat, KARIM)
    karim.say("Good morning", "first-word-of-karim")
    assert karim.read()["their_read"] == 0
    assert ida.read()["their_read"] == first


def test_what_is_no_number_or_not_there_yet_is_no_look(ida: Browser, as_nora: Client) -> None:
    asked = ida.say("Hello?").json()["message"]["seq"]
    for odd in ("x", "-3", "9" * 40):
        assert look(as_nora, odd) == 204
    assert Visitor.objects.get().read_by_us == 0
    look(as_nora, asked + 1000)
    later = ida.say("Still there?", "second-word-of-ida").json()["message"]["seq"]
    assert ida.read()["their_read"] == asked < later == Message.objects.latest("pk").pk
