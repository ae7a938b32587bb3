"""Mail written to break its reader: it becomes an `Incoming` all the same, and soon."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.channels.email import mime
from makegood.channels.email.reading import read
from makegood.channels.email.troubles import (
    HTML_TOO_LONG,
    HTML_TOO_TANGLED,
    TOO_DEEP,
    TOO_LARGE,
    TOO_MANY_ADDRESSES,
    TOO_MANY_HEADERS,
    TOO_MANY_PARTS,
)
from makegood.channels.interface import Incoming
from makegood.kit.foreign_html import is_too_tangled

from .mails import HEAD, mail, raw, sample


def nested(depth: int) -> bytes:
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(depth)
    )
    return HEAD + opened + b"\ninnermost words\n"


@given(st.binary())
def test_any_bytes_become_an_incoming(data):
    assert isinstance(read(data, {}), Incoming)


_BITS = st.sampled_from(
    [
        b"From: ", b"To: ", b"Content-Type: multipart/mixed; boundary=b\n", b"\n", b"\n\n--b\n",
        b"--b--\n", b"Content-Type: text/html\n", b"=?utf-8?Q?", b"?=", b"<", b">", b'"', b"(",
        b";", b":", b",", b"a@b.test", b"Content-Disposition: attachment; filename*0*=", b"\r",
        b"Content-Transfer-Encoding: base64\n", b"=", b"\xff\xfe", b"\x00", b"> ", b"-- \n",
        b"<blockquote>", b"</div>", b"On 2 Mar 2026 x wrote:\n", b"Content-Type: message/rfc822\n",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n",
        b"Content-Type: message/delivery-status\n", b"Status: 5.1.1\n", b"charset=utf-7",
    ]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(_BITS | st.binary(max_size=8), max_size=60))
def test_any_pieces_of_a_mail_become_an_incoming(pieces):
    incoming = read(b"".join(pieces), {})
    for told in (incoming.text, incoming.quoted, incoming.html, incoming.subject):
        told.encode()
        assert "\0" not in told


@settings(max_examples=150)
@given(st.sampled_from(["gmail_reply", "bounce_postfix", "inline_image"]), st.data())
def test_a_damaged_mail_becomes_an_incoming(name, data):
    whole = raw(name)
    at = data.draw(st.integers(0, len(whole)))
    length = data.draw(st.integers(0, 30))
    put = data.draw(st.binary(max_size=5))
    assert isinstance(read(whole[:at] + put + whole[at + length :], {}), Incoming)


def test_html_is_left_with_nothing_that_runs_loads_or_styles():
    html = sample("hostile_html").html.lower()
    forbidden = (
        "<script onclick onerror style= class= id= javascript: <svg <math <form <iframe <meta"
    )
    assert [word for word in forbidden.split() if word in html] == []
    assert " src=" not in html
    assert 'href="//' not in html
    assert 'href="https://good.test/?a=1&amp;b=2"' in html


@pytest.mark.parametrize(
    ("message", "trouble"),
    [
        (nested(1_000), TOO_DEEP),
        (
            HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 2_000,
            TOO_MANY_PARTS,
        ),
        (b"".join(b"X-%d: y\n" % i for i in range(5_000)) + b"\nx", TOO_MANY_HEADERS),
        (b"Subject: " + b"x" * 300_000 + b"\n\nx", TOO_MANY_HEADERS),
        (HEAD + b"Cc: " + b",".join(b"a%d@x.test" % i for i in range(2_000)) + b"\n\nx",
         TOO_MANY_ADDRESSES),
        (HEAD + b"Content-Type: text/html\n\n" + b"<div>" * 50_000, HTML_TOO_TANGLED),
        (HEAD + b"Content-Type: text/html\n\n" + b"<p>word " + b"word " * 500_000, HTML_TOO_LONG),
    ],
    ids=["depth", "parts", "headers", "long header", "addresses", "tags", "html"],
)  # fmt: skip
def test_a_bomb_is_named_and_the_mail_is_there(message, trouble):
    begun = time.process_time()
    incoming = read(message, {})
    assert trouble in incoming.troubles
    assert time.process_time() - begun < 5


def test_a_mail_over_the_limit_is_read_by_its_headers(monkeypatch):
    monkeypatch.setattr(mime, "MAX_BYTES", 10_000)
    incoming = mail(b"x" * 10_000)
    assert incoming.troubles == [TOO_LARGE]
    assert (incoming.subject, incoming.text) == ("My lamp", "")


def test_the_words_of_a_tangle_are_kept():
    assert "still here" in mail(b"<div>" * 500 + b"still here", b"Content-Type: text/html\n").text


# Small mails on which Python's own parser fails or takes seconds.
_STDLIB_KILLERS = {
    "comments in From": b"From: " + b"(" * 1_000 + b"\n\nx",
    "20,000 recipients": b"To: " + b",".join(b"u%d@x.test" % i for i in range(20_000)) + b"\n\nx",
    "continuations": b"Content-Type: application/x;"
    + b"".join(b" name*%d*=a;" % i for i in range(4_000))
    + b"\n\nx",
    "nested multiparts": nested(1_000),
    "commas": b"To: " + b"," * 200_000 + b"\n\nx",
    "encoded words": b"Subject: " + b"=?" * 100_000 + b"\n\nx",
    "quotes": b'From: "' + b'\\"' * 100_000 + b"\n\nx",
    "groups": b"To: " + b"a:" * 100_000 + b"\n\nx",
    "brackets": b"To: " + b"<" * 200_000 + b"\n\nx",
    "references": b"References: " + b"<" * 200_000 + b"\n\nx",
    "on on on": HEAD + b"\n" + b"On " * 20_000,
    "on lines": HEAD + b"\n" + b"On 2026-03-02 09:30\n" * 50_000,
    "signatures": HEAD + b"\n" + b"-- \n" * 50_000,
    "quote ladder": HEAD + b"\n" + b"\n".join(b">" * (i % 200) for i in range(20_000)),
    "newlines": HEAD + b"\n" + b"\n" * 500_000,
    "boundaries": HEAD + b"Content-Type: multipart/mixed; boundary=a\n\n" + b"\n--ab" * 200_000,
    "angle brackets": HEAD + b"Content-Type: text/html\n\n" + b"<" * 1_000_000,
    "entities": HEAD + b"Content-Type: text/html\n\n" + b"&" * 1_000_000,
    "formatting": HEAD + b"Content-Type: text/html\n\n" + b"<b a=1><p>" * 50_000,
    "combining marks": b"Subject: a" + "\u0315\u0300".encode() * 50_000 + b"\n\nx",
    "utf-7": HEAD + b"Content-Type: text/plain; charset=utf-7\n\n" + b"+AAA" * 100_000,
    "qp": HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=" * 500_000,
}


@pytest.mark.parametrize("message", _STDLIB_KILLERS.values(), ids=_STDLIB_KILLERS)
def test_no_small_mail_takes_long(message):
    begun = time.process_time()
    assert isinstance(read(message, {}), Incoming)
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    "grow",
    [
        lambda n: b"To: " + b"a@b.test, " * n + b"\n\nx",
        lambda n: b"Subject: " + b"=?utf-8?Q?a?= " * n + b"\n\nx",
        lambda n: HEAD + b"\n" + b"On 2 Mar 2026 09:30 x wrote:\n> y\nz\n" * n,
        lambda n: HEAD + b"\n" + b"From: x\nSent: y\n" * n,
        lambda n: HEAD + b"Content-Type: text/html\n\n" + b"<p>a<b>c</b></p>" * n,
        lambda n: HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--bb\n--b \n\n" * n,
        lambda n: b"Content-Type: x/y" + b'; a="\\";"' * n + b"\n\nx",
    ],
    ids=["recipients", "words", "quotes", "blocks", "html", "boundaries", "parameters"],
)
def test_work_grows_with_the_mail_and_not_faster(grow, count_lines):
    small, large = count_lines(grow(500)), count_lines(grow(2_000))
    assert large <= small * 4.4 + 2_000


def test_depth_is_counted_as_a_browser_would_build_it():
    assert is_too_tangled("<div>" * 300)
    assert is_too_tangled("<div></x>" * 300)
    assert is_too_tangled("<span><div></span>" * 300)
    assert not is_too_tangled("<p>word " * 5_000)
    assert not is_too_tangled("<ul>" + "<li>word" * 5_000 + "</ul>")
    assert not is_too_tangled("<table>" + "<tr><td>x" * 5_000)
    assert not is_too_tangled("<div></div>" * 40_000)
    assert is_too_tangled("<br>" * 60_000)
    assert is_too_tangled("&" * 200_000)
