"""What machines write to us changes as little as can be; what they say of addresses is kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from makegood.channels.actions import settle_delivery
from makegood.channels.email.corpus.machines import machines
from makegood.channels.email.envelopes import trace_of
from makegood.channels.models import Delivery, Inbox
from makegood.conversations.models import Conversation, Message
from makegood.conversations.queries import participants_of
from makegood.conversations.replying import Reply, reply_to
from makegood.customers.delivering import WITHIN
from makegood.customers.models import Handle, Refusal
from makegood.ledger.models import Event
from tests.world import arrive, conversation_of, mail_bytes

pytestmark = pytest.mark.django_db

REPORT = """From: mailer-daemon@mx.example.net
To: hello@lantern.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="b"

--b
Content-Type: text/plain

{said}
--b
Content-Type: message/{part}

{fields}

--b
Content-Type: text/rfc822-headers

Message-ID: {about}
Makegood-Trace: {trace}
--b--
"""


def report(message: Message, status: str, said: str, *, action: str = "failed") -> bytes:
    fields = (
        "Reporting-MTA: dns; mx.example.net\n\n"
        f"Final-Recipient: rfc822; {message.to[0]}\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; {said}"
    )
    return REPORT.format(
        kind="delivery-status", part="delivery-status", said=said, fields=fields,
        about=message.external_id,
        trace=trace_of(message.external_id),
    ).encode()  # fmt: skip


def complaint(message: Message) -> bytes:
    fields = "Feedback-Type: abuse\nUser-Agent: loop/1\nVersion: 1"
    return REPORT.format(
        kind="feedback-report", part="feedback-report", said="This is an abuse report.",
        fields=fields, about=message.external_id,
        trace=trace_of(message.external_id),
    ).encode()  # fmt: skip


@pytest.fixture
def asked(mailbox: Inbox) -> Conversation:
    return conversation_of(arrive(mailbox, mail_bytes("Where is my lamp?")))


@pytest.fixture
def ida(asked: Conversation) -> Handle:
    return asked.participants.get().handle


@pytest.fixture
def answer(asked: Conversation, nora: Any) -> Message:
    return reply_to(asked, Reply(text="It left on Friday."), by=nora)


def again(asked: Conversation, nora: Any, text: str) -> Message:
    return reply_to(asked, Reply(text=text), by=nora)


def send(message: Message) -> None:
    Delivery.objects.filter(about=message.ref).update(state="sent")
    Message.objects.filter(pk=message.pk).update(delivery_state="sent")


# ── What they write ──────────────────────────────────────────────────────────


def test_sixty_kinds_of_machines_make_nobody_wait_and_get_no_answer(
    mailbox: Inbox, asked: Conversation, answer: Message
) -> None:
    mailbox.settings["acknowledgement"] = "We have it."
    mailbox.save(update_fields=["settings"])
    before = Delivery.objects.count()
    machines_only = [
        case for case in machines() if case.expected["kind"] in ("out-of-office", "auto-reply")
    ]
    assert len(machines_only) >= 60
    for case in machines_only[:140]:
        arrive(mailbox, b"In-Reply-To: " + answer.external_id.encode() + b"\r\n" + case.raw)
    asked.refresh_from_db()
    assert asked.turn == Conversation.Turn.THEIRS
    assert asked.last_incoming < answer.pk, "none of it is unread"
    assert asked.messages.exclude(automatic="").count() >= 60
    assert Delivery.objects.count() == before


def test_an_absence_tells_until_when(mailbox: Inbox, answer: Message) -> None:
    raw = mail_bytes(
        "I am out of the office until 12 March 2026.",
        subject="Out of office", in_reply_to=answer.external_id, auto_submitted="auto-replied",
    )  # fmt: skip
    conversation = conversation_of(arrive(mailbox, raw))
    assert conversation == answer.conversation
    told = conversation.messages.latest("pk").told
    assert told == {"machine": "out-of-office", "away_until": "12 March 2026"}


def test_a_doubter_brings_the_turn_back_with_its_link(mailbox: Inbox, answer: Message) -> None:
    raw = mail_bytes(
        "Your message is being held until you verify that you are a human:\n"
        "https://doubter.example.net/confirm?id=7\n",
        subject="Please confirm", in_reply_to=answer.external_id, auto_submitted="auto-replied",
    )  # fmt: skip
    conversation = conversation_of(arrive(mailbox, raw))
    assert conversation.is_waiting()
    told = conversation.messages.latest("pk").told
    assert told["link"] == "https://doubter.example.net/confirm?id=7"


@pytest.mark.parametrize(
    ("subject", "text", "headers"),
    [
        ("Automatic reply to your ad?", "Is this an automatic reply? I am a person.", {}),
        ("Out of office chairs", "Do you sell chairs? We are out of office chairs.", {}),
        ("Vacation rental lamp", "I am on vacation until Friday, can it come on Monday?", {}),
        ("Undelivered parcel", "Delivery has failed twice. 550 Elm Street is my address.", {}),
        ("Re: My lamp", "No.", {"auto_submitted": "no"}),
        ("My lamp", "Where?", {"x_auto_response_suppress": "DR, RN", "in_reply_to": "<a@b.c>"}),
        ("My lamp", "Where?", {"precedence": "first-class"}),
        ("Abwesend am Freitag", "Ich bin am Freitag nicht da. Geht auch Montag?", {}),
        ("Mailer-Daemon comic", "I ordered the comic Mailer-Daemon.", {}),
        ("Form: new message", "A customer writes: where is my lamp?",
         {"auto_submitted": "auto-generated", "reply_to": "ida@example.com"}),
        ("Your shop's notice", "Payment 17 failed.", {"x_auto_response_suppress": "All"}),
    ],
)  # fmt: skip
def test_what_may_be_a_persons_waits(
    mailbox: Inbox, subject: str, text: str, headers: dict[str, str]
) -> None:
    raw = mail_bytes(text, subject=subject, **headers)
    assert conversation_of(arrive(mailbox, raw)).is_waiting()


# ── What they say of addresses ───────────────────────────────────────────────


def test_one_word_that_the_mailbox_is_gone_is_enough(
    mailbox: Inbox, answer: Message, ida: Handle, asked: Conversation
) -> None:
    send(answer)
    arrive(mailbox, report(answer, "5.1.1", "550 5.1.1 No such user here"))
    ida.refresh_from_db()
    asked.refresh_from_db()
    assert ida.bounced_at is not None
    assert ida.bounced_because == "There is no such mailbox."
    assert asked.is_undelivered
    assert asked.is_waiting()
    assert Event.objects.filter(kind="customer.handle_bounced").count() == 1


def test_other_final_refusals_take_two_of_different_mails(
    mailbox: Inbox, answer: Message, ida: Handle, asked: Conversation, nora: Any
) -> None:
    refused = "550 5.7.1 relaying denied"
    arrive(mailbox, report(answer, "5.7.1", refused))
    arrive(mailbox, report(answer, "5.7.1", refused).replace(b"mx.example", b"my.example"))
    ida.refresh_from_db()
    assert ida.bounced_at is None
    assert Refusal.objects.count() == 1, "said twice of one mail, it counts once"
    arrive(mailbox, report(again(asked, nora, "Once more."), "5.7.1", refused))
    ida.refresh_from_db()
    assert ida.bounced_at is not None


def test_two_refusals_far_apart_are_not_enough(
    mailbox: Inbox, answer: Message, ida: Handle, asked: Conversation, nora: Any
) -> None:
    arrive(mailbox, report(answer, "5.7.1", "550 5.7.1 relaying denied"))
    long_ago = timezone.now() - WITHIN - timedelta(days=1)
    Refusal.objects.update(at=long_ago)
    arrive(mailbox, report(again(asked, nora, "Once more."), "5.7.1", "550 relaying denied"))
    ida.refresh_from_db()
    assert ida.bounced_at is None


def test_a_full_mailbox_is_counted_and_not_given_up(
    mailbox: Inbox, answer: Message, ida: Handle, asked: Conversation, nora: Any
) -> None:
    for message in (answer, again(asked, nora, "A."), again(asked, nora, "B.")):
        arrive(mailbox, report(message, "5.2.2", "552 5.2.2 mailbox full"))
    ida.refresh_from_db()
    assert ida.bounced_at is None
    assert participants_of(asked)[0].put_off == 3  # type: ignore[attr-defined]


def test_a_report_names_nobody_whom_we_did_not_write_to(
    mailbox: Inbox, answer: Message, ida: Handle
) -> None:
    other = conversation_of(arrive(mailbox, mail_bytes("Hi", sender="bo@example.org")))
    forged = report(answer, "5.1.1", "550 5.1.1 No such user").replace(
        b"ida@example.com", b"bo@example.org"
    )
    arrive(mailbox, forged)
    assert other.participants.get().handle.bounced_at is None


def test_a_complaint_ends_automatic_mail_to_its_owner(
    mailbox: Inbox, answer: Message, ida: Handle
) -> None:
    arrive(mailbox, complaint(answer))
    ida.refresh_from_db()
    assert ida.complained_at is not None


def test_a_proven_mail_from_the_address_ends_the_trouble(
    mailbox: Inbox, answer: Message, ida: Handle
) -> None:
    arrive(mailbox, report(answer, "5.1.1", "550 5.1.1 No such user here"))
    spoofed = mail_bytes("It works, honestly.")
    arrive(mailbox, spoofed)
    ida.refresh_from_db()
    assert ida.bounced_at is not None, "nothing proves who wrote that"
    arrive(mailbox, mail_bytes("I changed my provider.", in_reply_to=answer.external_id))
    ida.refresh_from_db()
    assert ida.bounced_at is None
    assert not Refusal.objects.filter(forgiven_at=None).exists()


def test_a_refusal_while_we_spoke_counts_as_a_bounce(answer: Message, ida: Handle) -> None:
    delivery = Delivery.objects.get(about=answer.ref)
    said = "550 5.1.1 <ida@example.com>: Recipient address rejected: User unknown"
    settle_delivery(delivery, state="failed", fence=delivery.fence, reason=said)
    ida.refresh_from_db()
    assert ida.bounced_because == "There is no such mailbox."


def test_a_new_answer_that_leaves_takes_the_mark_off(
    answer: Message, asked: Conversation, nora: Any
) -> None:
    first = Delivery.objects.get(about=answer.ref)
    settle_delivery(first, state="failed", fence=first.fence, reason="451 later")
    asked.refresh_from_db()
    assert asked.is_undelivered
    second = Delivery.objects.get(about=again(asked, nora, "Again.").ref)
    settle_delivery(second, state="sent", fence=second.fence)
    asked.refresh_from_db()
    assert not asked.is_undelivered
