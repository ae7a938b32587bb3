"""Whose mail it is: forms, forwards, new matters, odd names, and who was only copied in."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from makegood.channels.actions import RawArrival, take_in
from makegood.channels.interface import Address, Trust, Verdict
from makegood.channels.models import Arrival, Inbox
from makegood.channels.registry import channel
from makegood.conversations.addressing import way_of
from makegood.conversations.deciding import (
    keep_matter,
    say_unlike,
    take_back_unlike,
)
from makegood.conversations.disguises import in_words, oddities_of, skeleton
from makegood.conversations.forwarding import close_forwarded, open_forwarded
from makegood.conversations.hints import hints_of
from makegood.conversations.likeness import order_numbers
from makegood.conversations.models import Conversation, Message
from makegood.conversations.queries import conversation_for
from makegood.conversations.receiving import receive_message
from makegood.conversations.replying import Reply, reply_to
from makegood.kit.records import ref_id
from tests.world import EARLIER, arrive, conversation_of, mail_bytes

pytestmark = pytest.mark.django_db


ON_ITS_WAY = "It is on its way: the carrier promised delivery before Friday evening."


def message_of(outcome: str) -> Message:
    return Message.objects.select_related("conversation__customer", "handle").get(
        pk=ref_id(outcome)
    )


@pytest.fixture
def asked(mailbox: Inbox) -> Conversation:
    return conversation_of(arrive(mailbox, mail_bytes("Where is it?")))


@pytest.fixture
def answer(asked: Conversation, nora: Any) -> Message:
    return reply_to(asked, Reply(text=ON_ITS_WAY), by=nora)


# ── Forms ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("sender", "reply_to_", "text"),
    [
        ("WordPress <wordpress@lantern.example>", "Ida <ida@example.com>", "Hello"),
        ("Lantern & Loom <hello@lantern.example>", "ida@example.com", "Hello"),
        ("Shopify <mailer@shopify.com>", "", "Name:\nIda\n\nEmail:\nida@example.com\n\nBody:\nHi"),
        ("Wix <no-reply@crm.wix.com>", "", "E-Mail: ida@example.com\nNachricht: Hallo"),
        ("Jotform <noreply@jotform.com>", "ida@example.com", "Hello"),
        ("Google Forms <forms-receipts-noreply@google.com>", "", "Email address: ida@example.com"),
    ],
)
def test_a_forms_mail_is_its_persons(
    mailbox: Inbox, sender: str, reply_to_: str, text: str
) -> None:
    more = {"reply_to": reply_to_} if reply_to_ else {}
    message = message_of(arrive(mailbox, mail_bytes(text, sender=sender, **more)))
    assert message.handle is not None
    assert message.handle.address == "ida@example.com"
    assert message.relayed_by
    assert message.trust == Trust.UNVERIFIED
    assert way_of(message.conversation).to.address == "ida@example.com"


def test_two_people_by_one_form_are_two_customers(mailbox: Inbox) -> None:
    robot = "Form <wordpress@lantern.example>"
    found = {
        message_of(
            arrive(mailbox, mail_bytes("Hi", sender=robot, reply_to=who))
        ).conversation.customer_id
        for who in ("ida@example.com", "karim@example.net")
    }
    assert len(found) == 2


@pytest.mark.parametrize(
    ("sender", "reply_to_"),
    [
        ("Ida Berg <ida@example.com>", "mallory@evil.example"),
        ("Nora <nora@lantern.example>", "mallory@evil.example"),
    ],
)
def test_a_persons_reply_to_turns_no_answer_elsewhere(
    mailbox: Inbox, nora: Any, sender: str, reply_to_: str
) -> None:
    message = message_of(arrive(mailbox, mail_bytes("Hi", sender=sender, reply_to=reply_to_)))
    assert not message.relayed_by
    assert message.answers_to == reply_to_
    assert way_of(message.conversation).to.address in sender


def test_an_address_in_a_persons_words_is_only_words(mailbox: Inbox) -> None:
    message = message_of(arrive(mailbox, mail_bytes("Email: mallory@evil.example")))
    assert message.handle is not None
    assert message.handle.address == "ida@example.com"


# ── Likeness and new matters ──────────────────────────────────────────────────


def test_what_it_looks_like_says_why(asked: Conversation, mailbox: Inbox, nora: Any) -> None:
    again = conversation_of(arrive(mailbox, mail_bytes("Hello??")))
    assert again.looks_like == asked
    assert again.looks_like_because == "The same customer and the same subject"
    assert hints_of(again, nora).lookalike == asked


def test_one_order_number_is_a_likeness(mailbox: Inbox) -> None:
    first = conversation_of(arrive(mailbox, mail_bytes("LL-20417 is late", subject="Late")))
    raw = mail_bytes("My order LL-20417 came broken.", subject="Broken shade")
    again = conversation_of(arrive(mailbox, raw))
    assert again.looks_like == first
    assert "ll-20417" in again.looks_like_because


def test_dates_phones_and_prices_are_no_order_numbers() -> None:
    text = "On 2026-03-02 at 12:30 I paid 84,00 €, call 0301234567 or +493012345; in 2026 #1001"
    assert order_numbers(text) == ["1001"]


def test_not_the_same_is_remembered_and_taken_back(
    asked: Conversation, mailbox: Inbox, nora: Any
) -> None:
    again = conversation_of(arrive(mailbox, mail_bytes("Hello??")))
    say_unlike(again, by=nora)
    assert hints_of(conversation_for(nora, again.pk), nora).lookalike is None
    take_back_unlike(again, by=nora)
    assert hints_of(conversation_for(nora, again.pk), nora).lookalike == asked


@pytest.mark.parametrize(
    ("subject", "text", "days", "is_new"),
    [
        ("Re: Where is my lamp?", "Thanks!", 1, False),
        ("AW: Re: [EXTERN] Where is my lamp", "Danke!", 1, False),
        ("", "Thanks!", 1, False),
        ("Invoice for chairs", "Please send it.", 1, True),
        ("Re: Where is my lamp?", "Thanks!", 400, True),
        ("Re: Where is my lamp?", "Thanks!", 90, False),
        (
            "Re: Where is my lamp?",
            "Could you please refund those chairs, whose cushions arrived stained yesterday?",
            90,
            True,
        ),
    ],
)
def test_a_new_matter_under_an_old_one_is_noticed_and_stays(
    answer: Message, mailbox: Inbox, subject: str, text: str, days: int, is_new: bool
) -> None:
    raw = mail_bytes(text, subject=subject, in_reply_to=answer.external_id)
    message = message_of(arrive(mailbox, raw, at=answer.at + timedelta(days=days)))
    assert message.conversation_id == answer.conversation_id, "it is attached all the same"
    assert bool(message.new_matter) is is_new


def test_what_belongs_here_is_asked_no_more(answer: Message, mailbox: Inbox, nora: Any) -> None:
    raw = mail_bytes("Please.", subject="Invoice for chairs", in_reply_to=answer.external_id)
    message = message_of(arrive(mailbox, raw))
    assert hints_of(conversation_for(nora, answer.conversation_id), nora).new_matters == [message]
    keep_matter(message, by=nora)
    assert not hints_of(conversation_for(nora, answer.conversation_id), nora).new_matters


# ── Forwards ──────────────────────────────────────────────────────────────────

FORWARD = """Can somebody take this?

---------- Forwarded message ---------
From: Karim Adl <karim@example.net>
Date: Mon, 2 Mar 2026 08:00:00 +0100
Subject: Charged twice
To: <nora@lantern.example>

You charged me twice.
"""


def forwarded(mailbox: Inbox, raw: bytes, trust: Trust = Trust.VERIFIED) -> Message:
    """Let a mail come in whose sender is proven as far as this."""
    arrival = RawArrival(inbox_id=mailbox.pk, raw=raw, origin="smtp", arrived_at=EARLIER)
    take_in([arrival])
    row = Arrival.objects.get(external_id=arrival.unique_id())
    read = replace(channel("email").read(raw, {}), verdict=Verdict(trust=trust))
    return receive_message(read, arrival=row)


def forward_by(sender: str, text: str = FORWARD) -> bytes:
    return mail_bytes(text, sender=sender, subject="Fwd: Charged twice")


def test_a_forward_becomes_its_first_senders_by_one_word(mailbox: Inbox, nora: Any) -> None:
    message = forwarded(mailbox, forward_by("Nora <nora@lantern.example>"))
    conversation = message.conversation
    assert conversation.customer.handles.get().address == "nora@lantern.example"
    assert hints_of(conversation_for(nora, conversation.pk), nora).forwarded == [message]
    open_forwarded(message, by=nora)
    opened = message_of(message.ref)
    assert opened.handle is not None
    assert opened.handle.address == "karim@example.net"
    assert (opened.text, opened.author_name) == ("You charged me twice.", "Karim Adl")
    assert "Can somebody take this?" in opened.quoted, "no word is lost"
    assert opened.trust == Trust.UNVERIFIED
    assert "Forwarded by Nora" in opened.trust_reason
    assert opened.said_at is not None
    assert opened.conversation.customer.name == "Karim Adl"
    assert way_of(opened.conversation).to.address == "karim@example.net"


def test_an_opened_forward_is_the_forwarders_again(mailbox: Inbox, nora: Any) -> None:
    message = forwarded(mailbox, forward_by("Nora <nora@lantern.example>"))
    before = Message.objects.filter(pk=message.pk).values().get()
    open_forwarded(message, by=nora)
    close_forwarded(message, by=nora)
    assert Message.objects.filter(pk=message.pk).values().get() == before
    conversation = Conversation.objects.get(pk=message.conversation_id)
    assert conversation.customer.handles.get().address == "nora@lantern.example"
    assert way_of(conversation).to.address == "nora@lantern.example"


@pytest.mark.parametrize(
    ("sender", "trust"),
    [
        ("Nora <nora@lantern.example>", Trust.UNVERIFIED),
        ("Nora <nora@lantern.example>", Trust.SAME),
        ("Ida <ida@example.com>", Trust.VERIFIED),
        ("Vera <vera@lantern.example>", Trust.VERIFIED),
    ],
)
def test_only_a_proven_agent_who_sees_the_inbox_forwards(
    mailbox: Inbox, nora: Any, vera: Any, sender: str, trust: Trust
) -> None:
    message = forwarded(mailbox, forward_by(sender), trust)
    assert message.forwarded is None


def test_a_word_on_the_first_line_or_the_inbox_opens_at_once(mailbox: Inbox, nora: Any) -> None:
    raw = forward_by("Nora <nora@lantern.example>", f"#customer\n{FORWARD}")
    assert message_of(forwarded(mailbox, raw).ref).author_name == "Karim Adl"
    mailbox.settings["opens_forwards"] = True
    mailbox.save()
    raw = forward_by("Nora <nora@lantern.example>", FORWARD.replace("Can", "Could"))
    assert message_of(forwarded(mailbox, raw).ref).author_name == "Karim Adl"


def test_an_absent_agents_mailbox_forwards_nothing(mailbox: Inbox, nora: Any) -> None:
    raw = b"Auto-Submitted: auto-replied\n" + forward_by("Nora <nora@lantern.example>")
    assert forwarded(mailbox, raw).forwarded is None


def test_a_forward_to_somebody_else_opens_nothing_when_they_send_it_on(
    mailbox: Inbox, nora: Any
) -> None:
    raw = forward_by("Nora <nora@lantern.example>", f"#customer\n{FORWARD}")
    raw = raw.replace(b"To: hello@lantern.example", b"To: mallory@evil.example")
    message = message_of(forwarded(mailbox, raw).ref)
    assert message.author_name == "Nora"
    assert message.forwarded is not None
    mailbox.settings["aliases"] = ["Mallory@evil.example"]
    mailbox.save()
    again = message_of(forwarded(mailbox, raw.replace(b"Can", b"Could")).ref)
    assert again.author_name == "Karim Adl"


def test_a_mail_attached_whole_brings_its_files(mailbox: Inbox, nora: Any) -> None:
    from email import message_from_bytes, policy  # to attach one mail to another

    inner = message_from_bytes(
        mail_bytes("You charged me twice.", sender="Karim <karim@example.net>"),
        policy=policy.default,
    )
    inner.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="bill.pdf")
    outer = message_from_bytes(
        mail_bytes("See below.", sender="Nora <nora@lantern.example>"), policy=policy.default
    )
    outer.add_attachment(inner)
    message = forwarded(mailbox, outer.as_bytes())
    open_forwarded(message, by=nora)
    assert "bill.pdf" in message.attachments.values_list("name", flat=True)
    assert message_of(message.ref).text == "You charged me twice."
    close_forwarded(message, by=nora)
    assert "bill.pdf" not in message.attachments.values_list("name", flat=True)


# ── Odd names ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "address", "kind"),
    [
        ("Lantern & Loom", "support@evil.example", "ours"),
        ("L\u0430ntern & Loom", "support@evil.example", "ours"),
        ("ida@example.com", "mallory@evil.example", "address"),
        ("Ida Berg", "mallory@evil.example", "participant"),
        ("P\u0430ypal", "x@evil.example", "mixed"),
        ("Ida", "ida@xn--lntern-3nf.example", "domain"),
        ("Ida", "ida@xn--e1afmkfd.example", "foreign"),
    ],
)
def test_a_disguise_is_marked(asked: Conversation, name: str, address: str, kind: str) -> None:
    others = list(asked.participants.all())
    odd = oddities_of(Address(address=address, name=name), "", others)
    assert kind in {each["kind"] for each in odd}
    assert all(in_words(odd))


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Ida Berg", "ida@example.com"),
        ("Zoë Müller", "zoe@example.org"),
        ("Иван Петров", "ivan@example.org"),
        ("山田 太郎", "taro@example.jp"),
        ("Jürgen", "j@xn--mnchen-3ya.example"),
    ],
)
def test_a_name_of_any_people_is_not_odd(asked: Conversation, name: str, address: str) -> None:
    others = list(asked.participants.all())
    assert oddities_of(Address(address=address, name=name), "", others) == []


def test_what_turns_a_name_round_is_written_out(mailbox: Inbox) -> None:
    raw = mail_bytes("Hi", sender='"x" <ida@example.com>').replace(
        b'"x"', "Ida \u202egreB".encode()
    )
    message = message_of(arrive(mailbox, raw))
    (reason,) = in_words(message.oddities or [])
    assert "⟨U+202E⟩" in reason
    assert "\u202e" not in message.author_name


def test_what_is_drawn_alike_is_alike() -> None:
    assert skeleton("P\u0430yPa1") == skeleton("paypal")
    assert skeleton("Ida") != skeleton("Ada")
