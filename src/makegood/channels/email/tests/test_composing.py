"""A mail that we write says what we meant, to our own reader and to Python's."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.channels.email.composing import compose, envelope_of
from makegood.channels.email.envelopes import is_our_trace, trace_of
from makegood.channels.email.reading import read
from makegood.channels.interface import Address, Outgoing, OutgoingFile

PLAIN = Outgoing(
    key="<m.abcdefghijklmnopqrstuvwxyz@shop.test>",
    to=[Address(address="ida@customer.test", name="Ida Berg")],
    sender=Address(address="support@shop.test", name="Nora · Lantern & Loom"),
    subject="Re: My lamp – déjà vu " + "and a long subject " * 6,
    text="It leaves on Friday.\n.\nFrom here on: ünï\n",
    html="<p>It leaves on <b>Friday</b>.</p>",
    reply_to="r.abcdefghijklmnopqrstuvwxyz@reply.shop.test",
    in_reply_to="<ida-1@customer.test>",
    references=[f"<{'x' * 90}{i}@customer.test>" for i in range(12)],
)
FILES = {"a" * 64: b"\x89PNG picture", "b" * 64: b"%PDF-1.4\r\n" + bytes(range(256)) * 40}
PICTURE = OutgoingFile(
    sha256="a" * 64, name="lamp.png", content_type="image/png", size=12, cid="lamp@shop.test"
)
BILL = OutgoingFile(
    sha256="b" * 64, name="Rechnung März.pdf", content_type="application/pdf", size=9
)
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def written(outgoing: Outgoing) -> bytes:
    return compose(outgoing, FILES.__getitem__, at=AT)


def test_our_reader_understands_what_we_wrote():
    told = read(written(PLAIN), {})
    assert told.external_id == PLAIN.key
    assert told.sender == PLAIN.sender
    assert list(told.to) == PLAIN.to
    assert told.subject == PLAIN.subject.strip()
    assert told.text == "It leaves on Friday.\n.\nFrom here on: ünï"
    assert told.reply_to == Address(address=PLAIN.reply_to)
    assert told.references[0] == "<ida-1@customer.test>"
    assert set(told.references[1:]) == set(PLAIN.references)
    assert told.sent_at == AT
    assert told.troubles == []
    assert told.reply_tokens == []


def test_pythons_reader_understands_it_too():
    told = email.message_from_bytes(
        written(replace(PLAIN, files=[PICTURE, BILL])), policy=email.policy.default
    )
    assert told.defects == []
    assert told["Message-ID"] == PLAIN.key
    assert told["Subject"] == PLAIN.subject.strip()
    assert told["References"].split() == PLAIN.references
    [bill] = told.iter_attachments()
    assert bill.get_filename() == "Rechnung März.pdf"
    assert bill.get_content() == FILES[BILL.sha256]


def test_files_arrive_whole_and_pictures_beside_the_text():
    told = read(written(replace(PLAIN, files=[PICTURE, BILL])), {})
    parts = {part.name: part for part in told.parts}
    assert parts["lamp.png"].content == FILES[PICTURE.sha256]
    assert parts["lamp.png"].cid == "lamp@shop.test"
    assert parts["Rechnung März.pdf"].content == FILES[BILL.sha256]
    assert not parts["Rechnung März.pdf"].is_inline


def test_the_same_mail_is_the_same_bytes_on_every_try():
    outgoing = replace(PLAIN, files=[PICTURE, BILL])
    assert written(outgoing) == written(outgoing)


def test_lines_are_short_and_end_with_crlf_and_all_is_ascii():
    raw = written(replace(PLAIN, files=[PICTURE, BILL], text="x" * 5_000 + "\n.\n"))
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_automatic_mail_says_so():
    assert b"\r\nAuto-Submitted: auto-replied\r\n" in written(replace(PLAIN, is_automatic=True))
    fresh = replace(PLAIN, is_automatic=True, in_reply_to="")
    assert b"\r\nAuto-Submitted: auto-generated\r\n" in written(fresh)
    assert b"Auto-Submitted" not in written(PLAIN)


def test_we_know_our_own_mail_and_no_copy_of_its_mark():
    told = read(written(PLAIN), {})
    assert is_our_trace(told.facts["trace"], told.external_id)
    assert not is_our_trace(told.facts["trace"], "<other@shop.test>")
    assert not is_our_trace("v1 " + "0" * 32, told.external_id)
    assert not is_our_trace("", told.external_id)
    assert trace_of(PLAIN.key) == trace_of(PLAIN.key.strip("<>"))


@pytest.mark.parametrize("kind", ["message/rfc822", "multipart/mixed", "text/x\r\nBcc: a@b", ""])
def test_a_file_of_an_awkward_type_is_just_bytes(kind):
    raw = written(replace(PLAIN, files=[replace(BILL, content_type=kind)]))
    [part] = read(raw, {}).parts
    assert part.content_type == "application/octet-stream"
    assert part.content == FILES[BILL.sha256]


_EVIL = st.text(max_size=40) | st.sampled_from(
    ["a\r\nBcc: evil@x.test", "a\nX: y", "a\r\n\r\nbody", "\0", "\ud800", "a\u2028Bcc: x@y.test"]
)


@given(_EVIL, _EVIL, _EVIL)
def test_nothing_that_is_put_in_adds_a_header(subject, name, reference):
    outgoing = replace(
        PLAIN,
        subject=subject,
        sender=Address(address="support@shop.test", name=name),
        to=[Address(address="ida@customer.test", name=name), Address(address=name)],
        in_reply_to=reference,
        references=[reference],
        reply_to=reference,
        files=[replace(BILL, name=name)],
    )
    told = email.message_from_bytes(written(outgoing))
    expected = {
        "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References",
        "MIME-Version", "Makegood-Trace", "Content-Type",
    }  # fmt: skip
    assert set(told.keys()) <= expected
    assert len(told.keys()) == len(set(told.keys()))


@given(st.text(max_size=200))
def test_any_text_arrives_as_it_was_written(text):
    told = read(written(replace(PLAIN, text=text, html="")), {})
    sent = "".join(c for c in text if c.isprintable() or c in "\n\t ").split()
    got = "".join(c for c in told.text + told.quoted if c.isprintable() or c in "\n\t ").split()
    assert sorted("".join(got)) == sorted("".join(sent).replace("\ufeff", ""))


def test_the_envelope_names_everybody_once():
    outgoing = replace(PLAIN, cc=[Address(address="IDA@customer.test"), Address(address="no")])
    assert envelope_of(outgoing) == ("support@shop.test", ["ida@customer.test"])
