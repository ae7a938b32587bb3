"""Whose mail is it: only proof joins; every trick begins a new conversation."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makegood.channels.interface import Address, Incoming, Trust, Verdict
from makegood.channels.models import Inbox
from makegood.conversations.likeness import bare_subject
from makegood.conversations.models import Conversation, Message, Participant, Token
from makegood.conversations.replying import Reply, reply_to
from makegood.conversations.resolving import resolve
from makegood.conversations.tokens import make_token, message_id_token
from makegood.customers.models import Handle
from makegood.kit.ids import ALPHABET
from makegood.ledger.models import Event
from tests.world import arrive, conversation_of, mail_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(mailbox: Inbox) -> Conversation:
    """Ida has written by mail, with a Message-ID of her own."""
    raw = mail_bytes("Where is it?", message_id="<ida-1@example.com>")
    return conversation_of(arrive(mailbox, raw))


@pytest.fixture
def answer(asked: Conversation, nora: Any) -> Message:
    return reply_to(asked, Reply(text="On its way."), by=nora)


def sent(message: Message) -> dict[str, Any]:
    from makegood.channels.models import Delivery  # only what left the house knows its tokens

    outgoing: dict[str, Any] = Delivery.objects.get(about=message.ref).outgoing
    return outgoing


def test_an_answer_to_the_reply_address_joins(asked: Any, answer: Message, mailbox: Inbox) -> None:
    raw = mail_bytes("Thanks!", to=sent(answer)["reply_to"], subject="Something else")
    joined = arrive(mailbox, raw, to=[sent(answer)["reply_to"]])
    assert conversation_of(joined) == asked
    said = asked.messages.latest("pk")
    assert "reply address that only ida@example.com was given" in said.joined_because
    assert said.trust == Trust.SAME


def test_an_answer_to_our_message_id_joins(asked: Any, answer: Message, mailbox: Inbox) -> None:
    raw = mail_bytes("Thanks!", in_reply_to=answer.external_id)
    assert conversation_of(arrive(mailbox, raw)) == asked


def test_a_strangers_copy_of_the_reply_address_joins_but_pends(
    asked: Any, answer: Message, mailbox: Inbox
) -> None:
    to = sent(answer)["reply_to"]
    raw = mail_bytes("Let me in", sender="Mallory <mallory@evil.example>", to=to)
    assert conversation_of(arrive(mailbox, raw, to=[to])) == asked
    mallory = Participant.objects.get(handle__address="mallory@evil.example")
    assert mallory.state == Participant.State.PENDING
    assert asked.messages.latest("pk").trust == Trust.UNVERIFIED
    asked.refresh_from_db()
    assert asked.customer.name == "Ida Berg", "the requester is never rewritten by mail"


@pytest.mark.parametrize(
    "headers",
    [
        {"in_reply_to": "<ida-1@example.com>"},
        {"references": "<ida-1@example.com> <x@y>"},
        {"subject": "Re: Where is my lamp? [#1]"},
        {"subject": "Re: Where is my lamp?"},
        {"cc": "hello@lantern.example"},
        {"reply_to": "ida@example.com"},
        {"resent_from": "ida@example.com"},
        {"x_makegood_conversation": "1"},
        {"sender": "Mallory <mallory@evil.example>"},
    ],
)
@pytest.mark.parametrize("sender", ["Mallory <mallory@evil.example>", "Ida Berg <ida@example.com>"])
def test_headers_alone_never_join(
    asked: Conversation, mailbox: Inbox, headers: dict[str, str], sender: str
) -> None:
    """Not even in Ida's name: nothing here proves that it is she."""
    headers = {"sender": sender, **headers}
    subject = headers.pop("subject", "Where is my lamp?")
    before = asked.messages.count()
    outcome = arrive(mailbox, mail_bytes("Let me see.", subject=subject, **headers))
    assert conversation_of(outcome) != asked
    assert asked.messages.count() == before


def test_references_join_for_a_proven_participant(asked: Conversation) -> None:
    ida = Handle.objects.get(address="ida@example.com")
    incoming = Incoming(
        external_id="",
        sender=Address(address=ida.address),
        text="Also…",
        references=["<ida-1@example.com>"],
        verdict=Verdict(trust=Trust.VERIFIED, reason="DKIM and DMARC"),
    )
    assert resolve(incoming, ida).conversation == asked


def test_references_of_a_proven_stranger_only_look_alike(asked: Conversation) -> None:
    mallory = Handle.objects.create(
        customer=asked.customer, kind="email", address="mallory@evil.example"
    )
    incoming = Incoming(
        external_id="",
        sender=Address(address=mallory.address),
        text="Also…",
        references=["<ida-1@example.com>"],
        verdict=Verdict(trust=Trust.VERIFIED),
    )
    decision = resolve(incoming, mallory)
    assert decision.conversation is None
    assert decision.looks_like == asked


def test_a_new_conversation_says_what_it_looks_like(asked: Conversation, mailbox: Inbox) -> None:
    again = conversation_of(arrive(mailbox, mail_bytes("Hello??", subject="Re: Where is my lamp?")))
    assert again != asked
    assert again.looks_like == asked


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_altered_token_opens_anything(asked: Conversation, data: st.DataObject) -> None:
    handle = asked.participants.get().handle
    token = make_token(asked, handle, Token.Purpose.REPLY)
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from(ALPHABET + "A=%*' \x00"))
    altered = data.draw(
        st.sampled_from(
            [
                token[:at] + other + token[at + 1 :],
                token[:at],
                token + other,
                token.upper(),
                "",
                "%",
                "*",
                token * 8,
            ]
        )
    )
    incoming = Incoming(
        external_id="", sender=Address(address="x@y"), text="", reply_tokens=[altered]
    )
    found = resolve(incoming, handle).conversation
    assert (found == asked) == (altered == token)


def test_a_revoked_token_opens_nothing(asked: Conversation) -> None:
    from django.utils import timezone  # only here

    handle = asked.participants.get().handle
    token = make_token(asked, handle, Token.Purpose.REPLY)
    asked.tokens.update(revoked_at=timezone.now())
    incoming = Incoming(external_id="", sender=Address(address=""), text="", reply_tokens=[token])
    assert resolve(incoming, handle).conversation is None


def test_a_message_id_token_is_not_a_reply_address(asked: Conversation) -> None:
    handle = asked.participants.get().handle
    token = make_token(asked, handle, Token.Purpose.MESSAGE)
    incoming = Incoming(external_id="", sender=Address(address=""), text="", reply_tokens=[token])
    assert resolve(incoming, handle).conversation is None
    assert message_id_token(f"<m.{token}@lantern.example>") == token


def test_the_same_message_id_with_other_bytes_is_another_message(mailbox: Inbox) -> None:
    """Whoever sends first under a foreign Message-ID does not swallow the real mail (T12)."""
    first = arrive(mailbox, mail_bytes("Real", message_id="<same@example.com>"))
    second = arrive(mailbox, mail_bytes("Forged", message_id="<same@example.com>"))
    assert first != second
    assert Message.objects.filter(external_id="<same@example.com>").count() == 2


def test_a_mail_delivered_twice_is_taken_in_once(mailbox: Inbox) -> None:
    raw = mail_bytes("Once")
    assert arrive(mailbox, raw) == arrive(mailbox, raw)
    assert Message.objects.count() == 1


def test_an_absence_note_changes_neither_turn_nor_status(
    asked: Conversation, answer: Message, mailbox: Inbox
) -> None:
    raw = mail_bytes("I am away.", in_reply_to=answer.external_id, auto_submitted="auto-replied")
    assert conversation_of(arrive(mailbox, raw)) == asked
    asked.refresh_from_db()
    assert asked.turn == Conversation.Turn.THEIRS
    assert asked.messages.latest("pk").automatic == "auto-reply"


def test_an_absence_note_that_answers_nothing_we_know_makes_nobody_wait(mailbox: Inbox) -> None:
    raw = mail_bytes("I am away.", auto_submitted="auto-replied")
    conversation = conversation_of(arrive(mailbox, raw))
    assert not conversation.is_waiting()
    assert conversation.preview == "I am away."


def test_copied_people_take_part_from_now_on_and_pend(mailbox: Inbox) -> None:
    outcome = arrive(mailbox, mail_bytes("Hi", cc="Bo <bo@example.org>, hello@lantern.example"))
    states = dict(conversation_of(outcome).participants.values_list("handle__address", "state"))
    assert states == {"ida@example.com": "active", "bo@example.org": "pending"}


def test_why_it_is_new_is_told(asked: Conversation) -> None:
    first = Event.objects.about(asked.ref).in_order()[0]
    assert first.sentence() == "A conversation began: Refers to nothing that we know"


@pytest.mark.parametrize(
    ("subject", "bare"),
    [("Re: AW: Lamp", "lamp"), ("Fwd: WG:  Lamp ", "lamp"), ("Reach", "reach"), ("", "")],
)
def test_answer_marks_are_not_part_of_a_subject(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare
