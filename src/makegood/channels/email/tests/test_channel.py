"""From bytes at the door to a conversation, by the channel that the house calls."""

from dataclasses import replace
from typing import Any

import pytest

from makegood.channels.email import child
from makegood.channels.email.channel import Email
from makegood.channels.email.composing import compose
from makegood.channels.email.envelopes import trace_of
from makegood.channels.email.troubles import READ_CAREFULLY
from makegood.channels.interface import Automatic, DeliveryFailed, Unreadable
from makegood.channels.models import Arrival
from tests.world import arrive, conversation_of, mail_bytes

from .mails import raw, sample
from .sink import Sink, running
from .test_composing import PLAIN


def test_the_channel_reads_as_the_reader_does():
    assert Email().read(raw("gmail_reply"), {}) == sample("gmail_reply")


def test_our_own_mail_that_comes_back_is_known_and_a_forged_mark_is_not():
    mine = compose(PLAIN, lambda _sha256: b"")
    assert Email().read(mine, {}).facts["own"] == "yes"
    forged = mine.replace(trace_of(PLAIN.key).encode(), b"v1 " + b"0" * 32)
    assert "own" not in Email().read(forged, {}).facts
    copied = mine.replace(PLAIN.key.encode(), b"<other@shop.test>")
    assert "own" not in Email().read(copied, {}).facts
    said = b"From: a@b.test\nOwn: yes\n\nx"
    assert Email().read(said, {}).facts == {}


def test_our_own_mail_that_comes_back_opens_nothing(mailbox):
    assert arrive(mailbox, compose(PLAIN, lambda _sha256: b"")) == "nothing:own"


def test_what_breaks_the_reader_is_read_carefully(monkeypatch):
    def fails(raw: bytes, envelope: dict[str, object], *, careful: bool = False) -> object:
        if not careful:
            raise child.ReadFailed("stopped")
        return replace(sample("plain"), html="", parts=[])

    monkeypatch.setattr("makegood.channels.email.channel.read_apart", fails)
    incoming = Email().read(raw("plain"), {})
    assert incoming.text.startswith("Hello")
    assert READ_CAREFULLY in incoming.troubles


def test_what_cannot_be_read_at_all_becomes_a_message_that_says_so(mailbox, monkeypatch):
    def fails(*_args: object, **_named: object) -> object:
        raise child.ReadFailed("too slow")

    monkeypatch.setattr("makegood.channels.email.channel.read_apart", fails)
    with pytest.raises(Unreadable):
        Email().read(b"", {})
    envelope: dict[str, Any] = {"from": "ida@customer.test"}
    outcome = arrive(mailbox, raw("plain"), **envelope)
    conversation = conversation_of(outcome)
    message = conversation.messages.get()
    assert message.attachments.count() == 1
    assert message.troubles


def test_the_channel_sends_at_once_where_it_is_asked(db):
    with running(Sink()) as sink:
        key = Email().send({"smtp": sink.settings()}, PLAIN)
        assert key == PLAIN.key
        assert b"It leaves on" in sink.mails[0]
    with pytest.raises(DeliveryFailed):
        Email().send({}, PLAIN)


def test_a_mail_at_the_door_becomes_a_conversation(mailbox):
    conversation = conversation_of(arrive(mailbox, mail_bytes("Where is it?\n\n-- \nIda")))
    message = conversation.messages.get()
    assert (message.text, message.quoted) == ("Where is it?", "-- \nIda")
    assert message.automatic == Automatic.NOT
    assert Arrival.objects.get().outcome == message.ref
