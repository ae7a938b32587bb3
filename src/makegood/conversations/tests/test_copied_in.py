"""Who was brought in by mail sees nothing of the past, and a forged report changes nothing."""

from typing import Any

import pytest

from makegood.channels.models import Delivery, Inbox
from makegood.conversations.deciding import admit_participant, decline_participant
from makegood.conversations.models import Conversation, Message, Participant, Token
from makegood.conversations.replying import Reply, reply_to
from makegood.conversations.tokens import make_token
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.portal.queries import said_with
from tests.world import arrive, conversation_of, mail_bytes

pytestmark = pytest.mark.django_db
NULL_SENDER: dict[str, Any] = {"from": ""}


@pytest.fixture
def asked(mailbox: Inbox) -> Conversation:
    return conversation_of(arrive(mailbox, mail_bytes("Where is it?")))


@pytest.fixture
def answer(asked: Conversation, nora: Any) -> Message:
    return reply_to(asked, Reply(text="On its way."), by=nora)


TRICKS: list[dict[str, str]] = [
    {"cc": "Bo <bo@evil.example>"},
    {"cc": "Friends: bo@evil.example;"},
    {"reply_to": "bo@evil.example"},
    {"resent_from": "bo@evil.example"},
    {"resent_to": "bo@evil.example"},
    {"sender_": "bo@evil.example"},
    {"to_": "hello@lantern.example, bo@evil.example"},
    {"bcc": "bo@evil.example"},
    {"return_path": "<bo@evil.example>"},
    {"mail_followup_to": "bo@evil.example"},
    {"disposition_notification_to": "bo@evil.example"},
    {"errors_to": "bo@evil.example"},
]


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: next(iter(trick)))
def test_nobody_is_shown_the_past_by_a_trick_in_a_mail(
    answer: Message, mailbox: Inbox, nora: Any, trick: dict[str, str]
) -> None:
    """The leak set stays empty: neither a page nor a mail reaches who was brought in."""
    headers = {name.rstrip("_"): value for name, value in trick.items()}
    to = headers.pop("to", "hello@lantern.example")
    sender = "Ida Berg <ida@example.com>"
    if "sender" in headers:
        headers = {"x_sender": headers["sender"]}
    raw = mail_bytes("And?", sender=sender, to=to, in_reply_to=answer.external_id, **headers)
    conversation = conversation_of(arrive(mailbox, raw))
    assert conversation == answer.conversation
    for one in conversation.participants.filter(handle__address__contains="evil"):
        assert one.state == Participant.State.PENDING
        token = make_token(conversation, one.handle, Token.Purpose.LINK)
        link = Token.objects.get(token_hash__isnull=False, handle=one.handle)
        assert token
        assert list(said_with(link)) == []
    reply_to(conversation, Reply(text="Tomorrow."), by=nora)
    sent = [row.outgoing for row in Delivery.objects.order_by("pk")]
    assert not [row for row in sent if "evil" in str(row["to"]) + str(row["cc"])]


def test_who_is_admitted_sees_the_future_and_not_the_past(
    answer: Message, mailbox: Inbox, nora: Any
) -> None:
    raw = mail_bytes("And?", cc="Bo <bo@example.org>", in_reply_to=answer.external_id)
    conversation = conversation_of(arrive(mailbox, raw))
    bo = conversation.participants.get(handle__address="bo@example.org")
    admit_participant(conversation, bo.handle_id, by=nora)
    make_token(conversation, bo.handle, Token.Purpose.LINK)
    assert list(said_with(Token.objects.get(handle=bo.handle))) == []
    bo.refresh_from_db()
    assert bo.state == Participant.State.ACTIVE
    assert bo.joined_at > answer.at


def test_who_is_declined_takes_no_part_and_can_be_let_in(
    answer: Message, mailbox: Inbox, nora: Any
) -> None:
    raw = mail_bytes("And?", cc="Bo <bo@example.org>", in_reply_to=answer.external_id)
    conversation = conversation_of(arrive(mailbox, raw))
    bo = conversation.participants.get(handle__address="bo@example.org")
    decline_participant(conversation, bo.handle_id, by=nora)
    again = raw.replace(b"And?", b"And now?")
    arrive(mailbox, again)
    bo.refresh_from_db()
    assert bo.state == Participant.State.LEFT, "another mail does not bring them back"
    admit_participant(conversation, bo.handle_id, by=nora)
    assert conversation.participants.get(pk=bo.pk).state == Participant.State.ACTIVE


def test_the_last_who_takes_part_stays(asked: Conversation, nora: Any) -> None:
    with pytest.raises(Refused, match="let another in first"):
        decline_participant(asked, asked.participants.get().handle_id, by=nora)


# ── Forged reports ────────────────────────────────────────────────────────────


def bounce(key: str, trace: str = "") -> bytes:
    """A report as Postfix writes it, about one of our mails."""
    mark = f"Makegood-Trace: {trace}\r\n" if trace else ""
    return (
        "From: MAILER-DAEMON@mx.example.com\r\nTo: hello@lantern.example\r\n"
        "Subject: Undelivered Mail\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example.com\r\n\r\n"
        "Final-Recipient: rfc822; ida@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 No such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {key}\r\n{mark}\r\n--b--\r\n"
    ).encode()


def test_a_forged_report_is_told_and_believed_by_nobody(answer: Message, mailbox: Inbox) -> None:
    Delivery.objects.update(state="sent")
    arrive(mailbox, bounce(answer.external_id), **NULL_SENDER)
    assert Delivery.objects.get().state == "sent"
    told = Event.objects.get(kind="message.report_doubted").sentence()
    assert "nothing proves it" in told


def test_a_report_that_gives_back_our_mark_is_believed(answer: Message, mailbox: Inbox) -> None:
    from makegood.channels.email.envelopes import trace_of  # only what left the house bears it

    Delivery.objects.update(state="sent")
    raw = bounce(answer.external_id, trace_of(answer.external_id))
    arrive(mailbox, raw, **NULL_SENDER)
    assert Delivery.objects.get().state == "bounced"
    assert not Event.objects.filter(kind="message.report_doubted").exists()


@pytest.mark.parametrize("is_bound", [True, False])
def test_only_who_cannot_have_got_the_mail_says_that_an_address_is_gone(
    answer: Message, mailbox: Inbox, is_bound: bool
) -> None:
    from makegood.channels.email.envelopes import trace_of  # only what left the house bears it

    Delivery.objects.update(state="sent")
    raw = bounce(answer.external_id, trace_of(answer.external_id, is_bound=is_bound))
    arrive(mailbox, raw, **NULL_SENDER)
    assert Delivery.objects.get().state == "bounced"
    ida = answer.conversation.participants.get(handle__address="ida@example.com").handle
    assert (ida.bounced_at is None) is is_bound


def test_the_mark_of_another_mail_proves_nothing(answer: Message, mailbox: Inbox) -> None:
    from makegood.channels.email.envelopes import trace_of  # only what left the house bears it

    Delivery.objects.update(state="sent")
    arrive(mailbox, bounce(answer.external_id, trace_of("<other@x>")), **NULL_SENDER)
    assert Delivery.objects.get().state == "sent"
