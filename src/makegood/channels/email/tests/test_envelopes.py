"""A report is believed where it shows what only the servers on the way had."""

from dataclasses import replace

from makegood.channels.email.channel import Email
from makegood.channels.email.composing import compose
from makegood.channels.email.envelopes import envelope_id, trace_of
from makegood.channels.email.reading import read
from makegood.channels.email.sending import letter_of, transmit
from makegood.channels.email.servers import Server
from makegood.channels.email.tests.sink import Sink, running
from makegood.channels.interface import Address, Outgoing, Receipt
from makegood.kit.secrets import Secret

KEY = "<m.abc@shop.test>"
MAIL = Outgoing(
    key=KEY,
    to=[Address(address="ida@other.test")],
    cc=[Address(address="mallory@evil.test")],
    sender=Address(address="help@shop.test"),
    subject="Your lamp",
    text="It leaves on Friday.",
)


def left_by(offers: list[str], outgoing: Outgoing = MAIL) -> Sink:
    """What the other server heard and took."""
    with running(Sink(offers=offers)) as sink:
        server = Server(host="127.0.0.1", port=sink.port, security="none", secret=Secret(""))
        transmit(server, letter_of(outgoing), lambda: None)
    return sink


def report(copy: bytes, envelope: str = "", kind: str = "failed") -> Receipt:
    """A bounce for Ida that gives back this copy of our mail."""
    named = f"Original-Envelope-Id: {envelope}\n" if envelope else ""
    raw = (
        "From: mailer-daemon@other.test\nReturn-Path: <>\nTo: help@shop.test\nSubject: failed\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=r\n\n--r\n\nno\n"
        f"--r\nContent-Type: message/delivery-status\n\n{named}Reporting-MTA: dns; x\n\n"
        f"Final-Recipient: rfc822; ida@other.test\nAction: {kind}\nStatus: 5.1.1\n\n"
        "--r\nContent-Type: message/rfc822\n\n"
    ).encode() + copy
    return Email().read(raw + b"\n--r--\n", {"from": ""}).receipts[0]


def test_the_envelope_id_travels_beside_the_mail_and_not_in_it():
    sink = left_by(["DSN"])
    begun = next(line for line in sink.heard if line.startswith("mail FROM") or "FROM:" in line)
    assert f"ENVID={envelope_id(KEY)}" in begun
    assert envelope_id(KEY).encode() not in sink.mails[0]
    assert trace_of(KEY, is_bound=True).encode() in sink.mails[0]


def test_a_server_that_takes_no_envelope_id_gets_none():
    sink = left_by(["SIZE 1000000"])
    assert not any("ENVID" in line for line in sink.heard)
    assert trace_of(KEY).encode() in sink.mails[0]


def test_a_report_with_the_envelope_id_is_believed():
    receipt = report(left_by(["DSN"]).mails[0], envelope_id(KEY))
    assert receipt.is_proven
    assert receipt.is_of_the_way
    assert receipt.is_hard
    assert list(receipt.about) == [KEY]


def test_who_was_copied_in_cannot_report_that_somebody_is_gone():
    copy = left_by(["DSN"]).mails[0]
    for shown in ("", "0" * 32 + ".m.abc@shop.test", trace_of(KEY)[3:]):
        receipt = report(copy, shown)
        assert receipt.is_proven, "many a real server gives back the mail alone"
        assert not receipt.is_of_the_way
        assert list(receipt.about)[-1:] == [KEY]
    open_mark = copy.replace(trace_of(KEY, is_bound=True).encode(), b"v1 " + b"0" * 32)
    assert not report(open_mark).is_proven
    as_before = trace_of(KEY, is_bound=True).replace("v2", "v1").encode()
    assert not report(copy.replace(trace_of(KEY, is_bound=True).encode(), as_before)).is_proven


def test_the_envelope_id_of_one_mail_proves_nothing_of_another():
    copy = left_by(["DSN"]).mails[0]
    assert KEY not in report(copy, envelope_id("<other@shop.test>")).about


def test_where_no_envelope_id_could_travel_the_mark_in_the_mail_is_enough():
    assert report(left_by([]).mails[0]).is_of_the_way


def test_a_report_without_our_mail_is_known_by_the_envelope_id_alone():
    receipt = report(b"Subject: x\n\nx", envelope_id(KEY))
    assert receipt.is_proven
    assert list(receipt.about) == [KEY]


def test_a_complaint_is_whoever_got_the_mail_to_make():
    copy = left_by(["DSN"]).mails[0]
    raw = (
        b"From: fbl@other.test\nTo: help@shop.test\nSubject: complaint\n"
        b"Content-Type: multipart/report; report-type=feedback-report; boundary=r\n\n"
        b"--r\n\nx\n--r\n"
        b"Content-Type: message/feedback-report\n\nFeedback-Type: abuse\n\n--r\n"
        b"Content-Type: message/rfc822\n\n" + copy + b"\n--r--\n"
    )
    assert Email().read(raw, {"from": "fbl@other.test"}).receipts[0].is_proven


def test_our_own_mail_is_known_with_either_mark():
    for content in (left_by(["DSN"]).mails[0], compose(MAIL, lambda _sha: b"")):
        assert Email().read(content, {}).facts["own"] == "yes"


def test_a_long_message_id_leaves_the_signature_alone():
    long = replace(MAIL, key=f"<{'k' * 90}@shop.test>")
    assert len(envelope_id(long.key)) == 32
    assert envelope_id("<a+b@shop.test>").isalnum()
    receipt = report(left_by(["DSN"], long).mails[0], envelope_id(long.key))
    assert receipt.is_proven


def test_what_a_report_gives_back_is_no_more_than_text():
    raw = (
        b"From: <>\nSubject: failed\nContent-Type: message/delivery-status\n\n"
        b"Original-Envelope-Id: " + b"\xff" * 5_000 + b"\n\nFinal-Recipient: x; a@b.test\n"
        b"Status: 5.1.1\n"
    )
    assert all(len(each) <= 300 for one in read(raw, {}).receipts for each in one.traces)
