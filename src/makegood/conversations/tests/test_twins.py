"""One mail that comes by two ways is one message; what only calls itself the same is not."""

import pytest

from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.channels.models import Arrival, Inbox
from makegood.conversations.models import Conversation, Message
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
