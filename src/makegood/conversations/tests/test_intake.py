"""Whatever comes in becomes something that an agent can see."""

from datetime import timedelta

import pytest
from django.utils import timezone

from makegood.channels.models import Inbox
from makegood.conversations.actions import assign_conversation
from makegood.conversations.models import Conversation, Message, Token
from makegood.conversations.resting import snooze_conversation, wake_due
from makegood.conversations.tokens import make_token
from makegood.customers.models import Handle
from makegood.ledger.models import Event
from makegood.team.models import Agent, Team
from tests.world import arrive, conversation_of, mail_bytes, write_form

pytestmark = pytest.mark.django_db


def test_a_nameless_sender_with_a_very_long_address_is_heard(mailbox: Inbox) -> None:
    address = f"{'bounces-' * 20}ida@{'example.' * 8}com"
    arrive(mailbox, mail_bytes("Where is my lamp?", sender=address))
    assert Message.objects.get().author_name == address[:120]


def test_an_address_that_grows_in_idna_is_cut(form: Inbox) -> None:
    write_form(form, "Where is my lamp?", email=f"ida@{'ü.' * 110}example")
    assert len(Handle.objects.get().address) <= 320


def test_who_may_not_see_it_any_more_has_it_no_more(
    lamp: Conversation, nora: Agent, tomas: Agent, back: Team
) -> None:
    """A team loses an inbox; the next word of the customer finds somebody who can answer."""
    other = conversation_of(write_form(lamp.inbox, "And my loom?", email="eva@example.com"))
    for one in (lamp, other):
        assign_conversation(one, agent=nora, team=None, by=tomas)
    snooze_conversation(other, until=timezone.now() + timedelta(hours=1), by=nora)
    lamp.inbox.teams.set([back])
    token = make_token(lamp, lamp.participants.get().handle, Token.Purpose.LINK)
    write_form(lamp.inbox, "And now?", token=token)
    wake_due(timezone.now() + timedelta(hours=2))
    assert not Conversation.objects.filter(assignee__isnull=False).exists()
    assert Event.objects.filter(kind="conversation.unassigned").count() == 2


def test_who_sees_it_keeps_it(lamp: Conversation, nora: Agent) -> None:
    assign_conversation(lamp, agent=nora, team=None, by=nora)
    token = make_token(lamp, lamp.participants.get().handle, Token.Purpose.LINK)
    write_form(lamp.inbox, "And now?", token=token)
    assert Conversation.objects.get(pk=lamp.pk).assignee == nora
