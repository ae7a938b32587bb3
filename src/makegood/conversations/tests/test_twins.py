"""One mail that comes by two ways is one message; what only calls itself the same is not."""

from dataclasses import replace

import pytest

from makegood.channels.actions import RawArrival, take_in
from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.channels.interface import Trust, Verdict
from makegood.channels.models import Arrival, Inbox
from makegood.channels.registry import channel
from makegood.conversations.models import Conversation, Message
from makegood.conversations.twins import message_of_twin
from makegood.team.models import Team
from tests.world import HOUSE, arrive, mail_bytes

pytestmark = pytest.mark.django_db

MAIL = mail_bytes("Where is my lamp?", message_id="<lamp@example.com>")
TRACE = b"Return-Path: <ida@example.com>\r\nReceived: from a (b [192.0.2.1])\r\n\tby c; Mon\r\n"


def another_mailbox(*teams: Team) -> Inbox:
    wanted = InboxSettings(name="Sales", kind="email", address="sales@lantern.example")
    return connect_inbox(wanted, teams=teams, by=HOUSE)


def test_a_copy_with_other_marks_of_its_way_is_the_same_message(mailbox: Inbox) -> None:
    first = arrive(mailbox, MAIL)
    assert arrive(mailbox, TRACE + MAIL.replace(b"\n", b"\r\n")) == first
    assert (Arrival.objects.count(), Message.objects.count()) == (2, 1)


def test_a_copy_to_another_address_of_the_same_team_is_the_same_message(
    mailbox: Inbox, front: Team
) -> None:
    assert arrive(mailbox, MAIL) == arrive(another_mailbox(front), TRACE + MAIL)
    assert Conversation.objects.count() == 1


def test_who_does_not_see_the_one_inbox_gets_the_copy_of_the_other(
    mailbox: Inbox, back: Team
) -> None:
    assert arrive(mailbox, MAIL) != arrive(another_mailbox(back), TRACE + MAIL)
    assert Conversation.objects.count() == 2


@pytest.mark.parametrize(
    "other",
    [
        mail_bytes("Where is my other lamp?", message_id="<lamp@example.com>"),
        mail_bytes("Where is my lamp?", message_id="<lamp@example.com>", cc="karim@example.com"),
        mail_bytes("Where is my lamp?", message_id="<lamp@example.com>", subject="Another"),
        mail_bytes("Where is my lamp?", message_id="<lamp2@example.com>"),
    ],
    ids=["words", "copies", "subject", "name"],
)
def test_a_mail_that_differs_in_anything_is_a_message_of_its_own(
    mailbox: Inbox, other: bytes
) -> None:
    assert arrive(mailbox, MAIL) != arrive(mailbox, other)
    assert Message.objects.count() == 2


def test_a_copy_that_a_stranger_sent_as_a_machines_hides_nothing(mailbox: Inbox) -> None:
    first = arrive(mailbox, b"Auto-Submitted: auto-replied\n" + MAIL)
    assert arrive(mailbox, MAIL) != first
    assert Conversation.objects.filter(turn=Conversation.Turn.OURS).count() == 1


def test_a_copy_that_a_stranger_sent_first_does_not_take_the_place_of_the_proven_one(
    mailbox: Inbox,
) -> None:
    arrive(mailbox, MAIL)
    take_in([RawArrival(inbox_id=mailbox.pk, raw=TRACE + MAIL, origin="smtp")])
    arrival = Arrival.objects.get(taken_at=None)
    incoming = channel("email").read(TRACE + MAIL, {})
    assert message_of_twin(incoming, arrival) == Message.objects.get()
    proven = replace(incoming, verdict=Verdict(trust=Trust.VERIFIED, reason="Signed (DKIM)"))
    assert message_of_twin(proven, arrival) is None
