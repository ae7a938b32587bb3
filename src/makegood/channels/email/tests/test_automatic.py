"""Machines that write: known by their headers, and their reports understood."""

import pytest

from makegood.channels.email.reading import read
from makegood.channels.interface import Automatic, ReceiptState

from .mails import mail, sample


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("plain", Automatic.NOT),
        ("gmail_reply", Automatic.NOT),
        ("vacation_words_only", Automatic.NOT),
        ("vacation_rfc3834", Automatic.REPLY),
        ("vacation_exchange", Automatic.REPLY),
        ("mailing_list", Automatic.LIST),
        ("bounce_postfix", Automatic.BOUNCE),
        ("bounce_qmail", Automatic.BOUNCE),
        ("delay_postfix", Automatic.RECEIPT),
        ("read_receipt", Automatic.RECEIPT),
        ("complaint", Automatic.RECEIPT),
    ],
)
def test_a_machine_is_known_by_its_headers(name, kind):
    assert sample(name).automatic == kind


@pytest.mark.parametrize(
    "header",
    [
        b"Auto-Submitted: auto-generated",
        b"Auto-Submitted: auto-replied (vacation)",
        b"X-Autoreply: yes",
        b"Precedence: auto_reply",
        b"Return-Path: <>",
        b"X-Auto-Response-Suppress: OOF, AutoReply",
    ],
)
def test_an_answering_machine_says_so_in_many_ways(header):
    assert mail(b"x", header + b"\n").automatic == Automatic.REPLY


def test_auto_submitted_no_is_a_person():
    assert mail(b"x", b"Auto-Submitted: no\n").automatic == Automatic.NOT


def test_a_null_sender_in_the_envelope_is_a_machine():
    assert sample("plain", **{"from": ""}).automatic == Automatic.REPLY
    assert sample("plain", **{"from": "ida@customer.test"}).automatic == Automatic.NOT


@pytest.mark.parametrize(
    ("name", "address", "code"),
    [
        ("bounce_postfix", "nobody@customer.test", "5.1.1"),
        ("bounce_full_mailbox", "full@customer.test", "5.2.2"),
        ("bounce_gmail", "gone@customer.test", "5.1.1"),
        ("bounce_exim", "gone@customer.test", "5.1.1"),
        ("bounce_qmail", "gone@customer.test", "5.1.1"),
        ("bounce_exchange", "gone@customer.test", "5.1.10"),
    ],
)
def test_a_bounce_says_whom_why_and_what_of_ours(name, address, code):
    [receipt] = sample(name).receipts
    assert receipt.state == ReceiptState.BOUNCED
    assert (receipt.address, receipt.code, receipt.is_permanent) == (address, code, True)
    assert receipt.about[0] == "<ours-7@shop.test>"
    assert receipt.reason


def test_a_delay_is_not_a_bounce():
    [receipt] = sample("delay_postfix").receipts
    assert (receipt.state, receipt.is_permanent) == (ReceiptState.QUEUED, False)


def test_a_reading_and_a_complaint_are_told_of_our_mail():
    [opened] = sample("read_receipt").receipts
    assert (opened.state, list(opened.about)) == (ReceiptState.READ, ["<ours-7@shop.test>"])
    [complaint] = sample("complaint").receipts
    assert complaint.state == ReceiptState.COMPLAINED
    assert complaint.address == "ida@customer.test"


def test_a_customer_who_talks_of_bounces_is_not_one():
    read_mail = mail(b"Delivery has failed to these recipients: 550 5.1.1 <a@b.test>, says my son")
    assert (read_mail.receipts, read_mail.automatic) == ([], Automatic.NOT)


REPORT = (
    b"Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: text/plain\n\n"
    b"I got this when I answered you. My lamp is still broken.\n\n"
    b"--o\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.customer.test\n\n"
    b"Final-Recipient: rfc822; ida@customer.test\nAction: failed\nStatus: 5.1.1\n\n--o--\n"
)


def enclosed(headers):
    return read(b"To: support@lantern.test\n" + headers + b"\n" + REPORT, {})


@pytest.mark.parametrize("subject", [b"What is this?", b"Fwd: Undelivered Mail Returned to Sender"])
def test_a_person_who_encloses_a_report_is_a_person(subject):
    incoming = enclosed(b"From: Ida <ida@customer.test>\nSubject: " + subject)
    assert (incoming.automatic, incoming.receipts) == (Automatic.NOT, [])
    assert incoming.text == "I got this when I answered you. My lamp is still broken."


@pytest.mark.parametrize(
    "headers",
    [
        b"From: MAILER-DAEMON@mx.customer.test\nSubject: x",
        b"From: Ida <ida@customer.test>\nSubject: Undelivered Mail Returned to Sender",
        b"From: gate@customer.test\nSubject: x\nAuto-Submitted: auto-generated",
        b"From: gate@customer.test\nSubject: x\nReturn-Path: <>",
    ],
)
def test_a_report_of_a_server_is_one_in_any_container(headers):
    assert enclosed(headers).automatic == Automatic.BOUNCE
