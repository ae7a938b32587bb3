"""What a mail says, whoever's program wrote it."""

from datetime import UTC, datetime

import pytest

from makegood.channels.email.reading import read
from makegood.channels.email.references import token_in
from makegood.channels.email.troubles import (
    CUT_OFF,
    ENCRYPTED,
    NO_BOUNDARY,
    NO_SENDER,
    SEVERAL_SENDERS,
)
from makegood.channels.interface import Address, Automatic

from .mails import mail, names, raw, sample

TOKEN = "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize("name", names())
def test_every_sample_reads_the_same_twice_and_keeps_its_words(name):
    first, second = sample(name), sample(name)
    assert first == second
    assert "\0" not in first.text + first.quoted + first.html + first.subject
    (first.text + first.quoted + first.html).encode()


def test_a_plain_mail_says_who_what_and_when():
    read_mail = sample("plain")
    assert read_mail.sender == Address(address="ida@customer.test", name="Ida Berg")
    assert read_mail.to == [Address(address="support@shop.test", name="Lantern & Loom")]
    assert read_mail.subject == "My lamp"
    assert read_mail.external_id == "<ida-1@customer.test>"
    assert read_mail.sent_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert read_mail.text.startswith("Hello,\n\nwhere is my lamp?")
    assert (read_mail.troubles, read_mail.automatic) == ([], Automatic.NOT)


def test_line_ends_make_no_difference():
    assert sample("plain_crlf") == sample("plain")
    assert sample("mac_line_ends").text == "Old words."


def test_references_are_given_nearest_first():
    reply = sample("gmail_reply")
    assert reply.references == ["<ours-2@shop.test>", "<ida-1@customer.test>"]


def test_reply_tokens_come_from_the_envelope_first():
    envelope_token = "22222222222222222222222222"
    reply = read(raw("gmail_reply"), {"to": [f"r.{envelope_token}@reply.shop.test"]})
    assert reply.reply_tokens == [envelope_token, TOKEN]


@pytest.mark.parametrize(
    ("address", "token"),
    [
        (f"r.{TOKEN}@reply.test", TOKEN),
        (f"support+r.{TOKEN}@shop.test", TOKEN),
        (f"<R.{TOKEN.upper()}@reply.test>", TOKEN),
        (f"r.{TOKEN}a@reply.test", ""),
        (f"r.{TOKEN[:-1]}@reply.test", ""),
        (f"r.{TOKEN[:-1]}1@reply.test", ""),
        (f"xr.{TOKEN}@reply.test", ""),
        (f"support+{TOKEN}@shop.test", ""),
        ("@", ""),
    ],
)
def test_a_token_has_exactly_one_shape(address, token):
    assert token_in(address) == token


def test_encoded_words_are_read_as_they_are_meant():
    assert sample("split_encoded_words").subject == "Grüße aus Köln"
    assert sample("japanese").subject == "ランプ"
    assert sample("japanese").sender.name == "山田太郎"
    assert sample("latin1_raw_headers").sender.name == "Jürgen"


def test_misused_encoded_words_lose_nothing():
    misused = sample("words_misused")
    assert misused.sender == Address(address="ida@customer.test", name="Berg, Ida")
    assert misused.subject == "ab cd =?nonsense =?utf-8?X?y?="


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("charset_lies", "Schöne Grüße"),
        ("charset_unknown", "naïve"),
        ("latin1_raw_headers", "Schöne Grüße"),
        ("japanese", "ランプ"),
    ],
)
def test_a_wrong_charset_does_not_spoil_the_words(name, text):
    assert sample(name).text == text


def test_flowed_lines_are_one_line_again():
    assert sample("apple_mail_reply").text.endswith("it should read as one.")


def test_files_keep_their_real_names_and_lose_their_tricks():
    assert [part.name for part in sample("attachment_names").parts] == [
        "Rechnung März.pdf",
        "Quitté.pdf",
        "very long name.txt",
        "passwd",
        "attachment-5.jpg",
        "invoicegnp.exe",
    ]


def test_an_inline_picture_waits_beside_the_text_that_shows_it():
    read_mail = sample("inline_image")
    [picture] = read_mail.parts
    assert (picture.name, picture.cid, picture.is_inline) == ("lamp.png", "ii_lamp", True)
    assert 'data-cid="ii_lamp"' in read_mail.html
    assert 'data-src="https://cdn.test/logo.png"' in read_mail.html
    assert "tracker" not in read_mail.html
    assert " src=" not in read_mail.html


def test_a_picture_written_into_the_html_becomes_a_file():
    read_mail = sample("data_picture")
    [picture] = read_mail.parts
    assert picture.content.startswith(b"\x89PNG")
    assert f'data-cid="{picture.cid}"' in read_mail.html


def test_a_mail_within_a_mail_and_an_invitation_are_files():
    [inner] = sample("mail_in_mail").parts
    assert (inner.name, inner.content_type) == ("Innér.eml", "message/rfc822")
    assert b"Inner words." in inner.content
    [invitation] = sample("calendar").parts
    assert (invitation.name, invitation.content_type) == ("invitation.ics", "text/calendar")


def test_uuencoded_files_are_opened():
    assert sample("uuencoded").parts[0].content == b"hello"


def test_base64_with_padding_in_the_middle_and_strays_is_opened():
    head = b"Content-Transfer-Encoding: base64\n"
    assert mail(b"YQ==\nYmM=!\n*ZGVm", head).text == "abcdef"
    assert mail(b"YWJjZ", head).text == "abc"


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        ("truncated", CUT_OFF),
        ("boundary_missing", NO_BOUNDARY),
        ("encrypted", ENCRYPTED),
        ("several_senders", SEVERAL_SENDERS),
        ("no_sender", NO_SENDER),
        ("empty", NO_SENDER),
        ("no_headers", NO_SENDER),
    ],
)
def test_what_is_wrong_with_a_mail_is_said(name, trouble):
    assert trouble in sample(name).troubles


def test_words_without_the_empty_line_above_are_not_lost():
    assert sample("no_empty_line").text.startswith("This line is no header")
    assert sample("no_headers").text == "Just words, typed into a pipe\nby hand."
    assert "Still readable." in sample("boundary_missing").text


def test_a_line_from_a_mail_spool_is_passed_over():
    assert sample("mbox_line").sender.address == "ida@customer.test"


@pytest.mark.parametrize(
    "date",
    [
        b"Mon, 31 Feb 1870 99:99:99 +9999",
        b"x" * 10_000,
        b"Mon, 02 Mar 1970 09:00:00 +0100",
        b"Mon, 02 Mar 9999 09:00:00 +0100",
        b"Mon, 02 Mar 2026 09:00:00 +99999999999999",
        b"",
    ],
)
def test_an_absurd_date_is_no_date(date):
    assert mail(b"x", b"Date: " + date + b"\n").sent_at is None


def test_a_date_in_the_future_is_no_date():
    dated = b"From: a@b.test\nDate: Mon, 02 Mar 2026 09:00:00 +0000\n\nx"
    assert read(dated, {"received_at": "2026-03-01T00:00:00+00:00"}).sent_at is not None
    assert read(dated, {"received_at": "2026-02-01T00:00:00+00:00"}).sent_at is None


def test_facts_worth_showing_are_kept():
    assert sample("apple_mail_reply").facts["mailer"] == "Apple Mail (2.3826)"
    assert sample("our_own").facts["trace"] == "v1.abc.def"


def test_a_careful_reading_opens_neither_html_nor_files():
    careful = read(raw("inline_image"), {}, careful=True)
    assert (careful.html, careful.parts) == ("", [])
    assert "Look at the crack." in careful.text
