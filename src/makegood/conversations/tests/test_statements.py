"""Taking something in stays cheap: each statement is a round trip, and many wait behind it."""

from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from makegood.channels.actions import RawArrival, take_in
from makegood.channels.models import Arrival, Inbox
from makegood.conversations.intake import take_in_arrival
from makegood.conversations.models import Conversation, Token
from makegood.conversations.replying import Reply, reply_address, reply_to
from makegood.conversations.tokens import make_token
from makegood.desk.tests.asking import at_most
from makegood.team.models import Agent
from tests.promised import a_policy
from tests.world import conversation_of, mail_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def promised(mailbox: Inbox, nora: Agent) -> None:
    """Promises are made of everything that comes."""
    a_policy()


def statements(most: int) -> AbstractContextManager[None]:
    """PostgreSQL locks whom a merge could take away meanwhile, and tells who listens."""
    return at_most(most + 5 if connection.vendor == "postgresql" else most)


def came(inbox: Inbox, raw: bytes) -> int:
    """It lies there, and waits to be taken in; its number."""
    at = timezone.now() - timedelta(minutes=1)
    arrival = RawArrival(inbox_id=inbox.pk, raw=raw, origin="smtp", arrived_at=at)
    take_in([arrival])
    return Arrival.objects.get(inbox=inbox, external_id=arrival.unique_id()).pk


def asked(inbox: Inbox) -> tuple[Conversation, str]:
    """A conversation, and the address by which its customer comes back to it."""
    found = conversation_of(take_in_arrival(came(inbox, mail_bytes("Where is it?"))))
    token = make_token(found, found.participants.get().handle, Token.Purpose.REPLY)
    return found, reply_address(inbox, token)


def test_somebody_new_writes(mailbox: Inbox) -> None:
    pk = came(mailbox, mail_bytes("Where is it?"))
    with statements(41):
        outcome = take_in_arrival(pk)
    assert conversation_of(outcome).customer.name == "Ida Berg"


def test_a_word_more_in_a_conversation_that_waits(mailbox: Inbox) -> None:
    conversation, to = asked(mailbox)
    pk = came(mailbox, mail_bytes("Hello?", to=to))
    with statements(34):
        outcome = take_in_arrival(pk)
    assert conversation_of(outcome) == conversation


def test_a_word_more_in_a_conversation_that_was_answered(mailbox: Inbox, nora: Agent) -> None:
    conversation, to = asked(mailbox)
    reply_to(conversation, Reply(text="On its way."), by=nora)
    pk = came(mailbox, mail_bytes("Thank you!", to=to))
    with statements(44):
        outcome = take_in_arrival(pk)
    assert conversation_of(outcome) == conversation
