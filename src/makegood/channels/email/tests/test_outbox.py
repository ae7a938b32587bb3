"""What is queued leaves once, or is held where nobody can know."""

import ssl
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from makegood.channels.actions import cancel_delivery, post, retry_delivery
from makegood.channels.connecting import InboxSettings, change_inbox, connect_inbox
from makegood.channels.email import outbox
from makegood.channels.email.outbox import LEASE, lease_next, send_next
from makegood.channels.email.sending import TakenBack
from makegood.channels.interface import Address, Outgoing, OutgoingFile
from makegood.channels.models import Delivery, Inbox
from makegood.ledger.actors import System
from makegood.ledger.models import Event

from .sink import Sink, certificate, running

HOUSE = System("test")
State = Delivery.State


@pytest.fixture
def sink(db: None) -> Iterator[Sink]:
    with running(Sink()) as started:
        yield started


def wanted(sink: Sink, auth: str = "password", **smtp: Any) -> InboxSettings:
    return InboxSettings(
        name="Support",
        kind="email",
        address="support@shop.test",
        settings={"smtp": sink.settings(**smtp), "auth": auth},
        secrets={"password": "hunter2", "access_token": "ya29.token"},
    )


@pytest.fixture
def support(sink: Sink) -> Inbox:
    return connect_inbox(wanted(sink), by=HOUSE)


def queue(inbox: Inbox, key: str = "<m.one@shop.test>", **more: Any) -> Delivery:
    outgoing = Outgoing(
        key=key,
        to=[Address(address="ida@customer.test")],
        sender=Address(address="support@shop.test"),
        subject="Your lamp",
        text="It leaves on Friday.",
        **more,
    )
    return post(outgoing, inbox=inbox, about="message:1")


def state(delivery: Delivery) -> str:
    delivery.refresh_from_db()
    return delivery.state


def later(delivery: Delivery) -> None:
    """Let the lease and the pause run out."""
    past = timezone.now() - timedelta(seconds=1)
    Delivery.objects.filter(pk=delivery.pk).update(leased_until=past, send_after=past)


def test_a_delivery_leaves_and_says_so(sink, support):
    delivery = queue(support)
    assert send_next() == 1
    assert state(delivery) == State.SENT
    [mail] = sink.mails
    assert b"Message-ID: <m.one@shop.test>\r\n" in mail
    assert "mail FROM:<support@shop.test> SIZE=" in sink.heard[1]
    assert send_next() == 0
    assert Event.objects.filter(kind="delivery.settled").count() == 1


def test_nothing_leaves_before_its_time_or_after_it_was_taken_back(sink, support):
    early, cancelled = queue(support), queue(support, "<m.two@shop.test>")
    Delivery.objects.filter(pk=early.pk).update(send_after=timezone.now() + timedelta(hours=1))
    assert cancel_delivery(cancelled, by=HOUSE)
    assert send_next() == 0
    assert (state(early), state(cancelled), sink.mails) == (State.QUEUED, State.CANCELLED, [])


def test_what_is_cancelled_while_the_server_is_asked_does_not_leave(sink, support, monkeypatch):
    delivery = queue(support)
    mark = outbox._mark_sending

    def cancel_first(leased: Delivery) -> None:
        assert cancel_delivery(delivery, by=HOUSE)
        mark(leased)

    monkeypatch.setattr(outbox, "_mark_sending", cancel_first)
    assert send_next() == 1
    assert (state(delivery), sink.mails) == (State.CANCELLED, [])


@pytest.mark.parametrize(
    ("verb", "answer"),
    [("MAIL", "550 5.7.1 no"), ("RCPT", "550 5.1.1 gone"), ("DATA", "554 no"), (".", "552 full")],
)
def test_a_refusal_for_good_fails_in_the_servers_own_words(sink, support, verb, answer):
    sink.answers[verb] = answer
    delivery = queue(support)
    send_next()
    assert state(delivery) == State.FAILED
    assert delivery.trouble == answer


@pytest.mark.parametrize(
    ("verb", "answer"),
    [("MAIL", "451 later"), ("RCPT", "450 greylisted"), ("DATA", "421 busy"), (".", "451 later"),
     ("EHLO", "cut"), ("MAIL", "cut"), ("RCPT", "cut"), ("DATA", "cut")],
)  # fmt: skip
def test_a_refusal_for_now_is_tried_again_with_the_same_key(sink, support, verb, answer):
    sink.answers[verb] = answer
    delivery = queue(support)
    send_next()
    assert state(delivery) == State.QUEUED
    assert delivery.send_after > timezone.now() + timedelta(seconds=20)
    assert delivery.trouble
    sink.answers.clear()
    later(delivery)
    send_next()
    assert (state(delivery), len(sink.mails)) == (State.SENT, 1)


def test_a_link_that_breaks_after_the_last_byte_leaves_doubt(sink, support):
    sink.answers["."] = "cut after"
    delivery = queue(support)
    send_next()
    assert state(delivery) == State.IN_DOUBT
    assert len(sink.mails) == 1
    later(delivery)
    assert send_next() == 0
    sink.answers.clear()
    assert retry_delivery(delivery, by=HOUSE)
    send_next()
    assert state(delivery) == State.SENT
    ids = [mail.partition(b"Message-ID: ")[2].partition(b"\r\n")[0] for mail in sink.mails]
    assert ids == [b"<m.one@shop.test>"] * 2


def test_what_a_dead_process_had_leased_is_taken_up_after_the_lease(sink, support):
    delivery = queue(support)
    assert lease_next(timezone.now()) == delivery
    assert lease_next(timezone.now()) is None
    later(delivery)
    send_next()
    assert (state(delivery), len(sink.mails)) == (State.SENT, 1)


def test_what_a_dead_process_was_sending_is_in_doubt_and_not_sent_again(sink, support):
    delivery = queue(support)
    leased = lease_next(timezone.now())
    assert leased is not None
    outbox._mark_sending(leased)
    later(delivery)
    assert send_next() == 0
    assert (state(delivery), sink.mails) == (State.IN_DOUBT, [])


def test_a_process_that_slept_past_its_lease_sends_nothing(sink, support):
    delivery = queue(support)
    sleeper = lease_next(timezone.now())
    assert sleeper is not None
    later(delivery)
    assert lease_next(timezone.now()) == delivery
    with pytest.raises(TakenBack):
        outbox._mark_sending(sleeper)


def test_one_inbox_has_only_so_many_under_way(sink, support):
    for number in range(4):
        queue(support, f"<m.{number}@shop.test>")
    leased = [lease_next(timezone.now()) for _try in range(4)]
    assert [one is not None for one in leased] == [True, True, False, False]
    assert lease_next(timezone.now() + LEASE + timedelta(seconds=1)) is not None


def test_wrong_credentials_stop_nothing_else_and_are_said_by_the_inbox(sink, support):
    sink.offers = ["AUTH PLAIN LOGIN"]
    sink.answers["AUTH"] = "535 5.7.8 Who are you?"
    change_inbox(support, wanted(sink, username="support@shop.test"), by=HOUSE)
    delivery = queue(support)
    send_next()
    support.refresh_from_db()
    assert state(delivery) == State.QUEUED
    assert support.state == Inbox.State.TROUBLE
    assert "535 5.7.8 Who are you?" in support.trouble
    sink.answers.clear()
    later(delivery)
    send_next()
    support.refresh_from_db()
    assert (state(delivery), support.state) == (State.SENT, Inbox.State.ACTIVE)


def test_a_password_or_a_token_signs_in(sink, support):
    sink.offers = ["AUTH PLAIN XOAUTH2"]
    change_inbox(support, wanted(sink, username="support@shop.test"), by=HOUSE)
    queue(support)
    send_next()
    change_inbox(support, wanted(sink, "xoauth2", username="support@shop.test"), by=HOUSE)
    queue(support, "<m.two@shop.test>")
    send_next()
    assert sink.signed_in_with() == [
        "\0support@shop.test\0hunter2",
        "user=support@shop.test\x01auth=Bearer ya29.token\x01\x01",
    ]
    assert len(sink.mails) == 2


def test_where_encryption_is_refused_no_secret_is_said(sink, support):
    sink.offers = ["AUTH PLAIN"]
    safe = wanted(sink, security="starttls", username="support@shop.test")
    change_inbox(support, safe, by=HOUSE)
    delivery = queue(support)
    send_next()
    assert state(delivery) == State.QUEUED
    assert sink.signed_in_with() == []
    assert not any("hunter2" in line for line in sink.heard)
    support.refresh_from_db()
    assert support.state == Inbox.State.TROUBLE


def test_a_certificate_that_nobody_vouches_for_is_refused(sink, support, tmp_path, monkeypatch):
    cert, key = certificate(tmp_path)
    sink.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    sink.tls.load_cert_chain(cert, key)
    sink.offers = ["STARTTLS", "AUTH PLAIN"]
    safe = wanted(sink, security="starttls", username="support@shop.test")
    change_inbox(support, safe, by=HOUSE)
    delivery = queue(support)
    send_next()
    assert (state(delivery), sink.signed_in_with()) == (State.QUEUED, [])
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    later(delivery)
    send_next()
    assert (state(delivery), len(sink.signed_in_with())) == (State.SENT, 1)


def test_an_attachment_that_is_gone_stops_the_mail(sink, support):
    missing = OutgoingFile(sha256="0" * 64, name="x.pdf", content_type="application/pdf", size=1)
    delivery = queue(support, files=[missing])
    send_next()
    assert (state(delivery), sink.mails) == (State.FAILED, [])
    assert delivery.trouble


def test_some_recipients_refused_is_said_beside_what_was_sent(sink, support):
    sink.answers["RCPT"] = "550 5.1.1 gone"
    delivery = queue(support, cc=[Address(address="bo@customer.test")])
    send_next()
    assert state(delivery) == State.FAILED
    assert delivery.trouble.count("5.1.1") == 1


@pytest.mark.parametrize("verb", ["RCPT", "DATA", "."])
def test_a_servers_words_may_hold_any_bytes(sink, support, verb):
    sink.answers[verb] = "550 5.1.1 \0gone\x07"
    delivery = queue(support)
    send_next()
    assert state(delivery) == State.FAILED
    assert delivery.trouble == "550 5.1.1 gone"


def test_a_poisoned_row_is_shown_after_a_few_tries_and_holds_up_nobody(sink, support):
    poisoned, sound = queue(support), queue(support, "<m.two@shop.test>")
    Delivery.objects.filter(pk=poisoned.pk).update(outgoing={"nonsense": 1})
    for _try in range(6):
        send_next()
        later(poisoned)
    assert (state(poisoned), state(sound)) == (State.FAILED, State.SENT)
    assert "could not be sent" in poisoned.trouble
    assert len(sink.mails) == 1


def test_an_odd_failure_after_the_mail_began_to_leave_is_doubt(sink, support, monkeypatch):
    def broken(_client: Any, _content: bytes) -> None:
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr("makegood.channels.email.sending._hand_over", broken)
    delivery = queue(support)
    send_next()
    assert state(delivery) == State.IN_DOUBT
