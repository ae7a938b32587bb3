"""A visitor ends the chat, and says once how it was; agents read it where they read the rest."""

from typing import Any

import pytest
from django.test import Client

from makegood.channels.models import Inbox
from makegood.chat.models import Rating
from makegood.conversations.actions import resolve_conversation
from makegood.conversations.finding import Finder
from makegood.conversations.models import Conversation
from makegood.conversations.naming import understand
from makegood.conversations.replying import Reply, reply_to
from makegood.ledger.models import Event
from makegood.portal.tests.test_chat import IDA, KARIM, Browser
from makegood.team.models import Agent


@pytest.fixture
def ida(chat: Inbox) -> Browser:
    return Browser(chat, IDA)


@pytest.fixture
def answered(ida: Browser, nora: Agent) -> Conversation:
    ida.say("Does it come with a bulb?")
    reply_to(Conversation.objects.get(), Reply(text="It does."), by=nora)
    return Conversation.objects.get()


def asks(ida: Browser) -> int:
    return int(ida.read()["conversation"]["asks"])


def rate(ida: Browser, **said: Any) -> Any:
    return ida.post("rating/", {"rating": "good", **said})


def test_a_visitor_ends_the_chat_and_is_asked_how_it_was(
    ida: Browser, answered: Conversation
) -> None:
    assert asks(ida) == 0
    ended = ida.post("end/", {}).json()["conversation"]
    assert (ended["status"], ended["asks"]) == ("resolved", answered.pk)
    answered.refresh_from_db()
    assert answered.status == "resolved"
    assert Event.objects.get(kind="conversation.resolved").by.startswith("customer:")
    ida.post("end/", {})
    assert Event.objects.filter(kind="conversation.resolved").count() == 1


def test_who_was_resolved_by_us_is_asked_too_and_who_had_no_answer_is_not(
    ida: Browser, chat: Inbox, answered: Conversation, nora: Agent
) -> None:
    resolve_conversation(answered, seen=answered.last_message, by=nora)
    assert asks(ida) == answered.pk
    karim = Browser(chat, KARIM)
    karim.say("Never mind", "first-word-of-karim")
    assert karim.post("end/", {}).json()["conversation"] == {
        "status": "resolved", "subject": "Never mind", "asks": 0
    }  # fmt: skip


def test_how_it_was_is_said_once(ida: Browser, answered: Conversation) -> None:
    ida.post("end/", {})
    assert rate(ida, words=" Quick. ").status_code == 201
    assert rate(ida, rating="bad").status_code == 201
    said = Rating.objects.get()
    assert (said.conversation, said.choice, said.words) == (answered, "good", "Quick.")
    assert Event.objects.filter(kind="chat.rated_in_words").count() == 1
    assert asks(ida) == 0


def test_what_goes_on_is_not_rated_and_no_other_word_counts(
    ida: Browser, answered: Conversation
) -> None:
    assert rate(ida).status_code == 422
    ida.post("end/", {})
    assert rate(ida, rating="splendid").status_code == 422
    assert not Rating.objects.exists()


def test_nobody_else_ends_or_rates_it(ida: Browser, chat: Inbox, answered: Conversation) -> None:
    karim = Browser(chat, KARIM)
    assert karim.post("end/", {}).status_code == 422
    assert Browser(chat, "short").post("end/", {}).status_code == 401
    assert Conversation.objects.get().status == "open"


def test_agents_read_it_in_the_story_with_the_person_and_by_asking(
    ida: Browser, answered: Conversation, nora: Agent, client: Client
) -> None:
    ida.post("end/", {})
    rate(ida, rating="bad", words="It took long.")
    client.force_login(nora)
    story = client.get(f"/conversations/{answered.pk}/").content.decode()
    assert "found the chat bad: It took long." in story
    person = client.get(f"/customers/{answered.customer_id}/").content.decode()
    assert "bad: It took long." in person
    assert found("rating:bad", nora) == [answered.pk]
    assert found("rating:good", nora) == []


def found(question: str, agent: Agent) -> list[int]:
    numbers, _more = Finder(understand(question, agent)).numbers("", 10)
    return list(numbers)
