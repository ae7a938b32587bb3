"""Mails of any size that would make a careless reader stall: one shape for each of our parsers."""

import base64
import struct
from collections.abc import Callable

from makegood.channels.email.tnef import SIGNATURE

HEAD = b"From: Ida <ida@customer.test>\nTo: support@lantern.test\nSubject: My lamp\n"
BOUNCE = b"Return-Path: <>\nFrom: mailer-daemon@x.test\nSubject: failure notice\n"
REPORT = (
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nx\n--b\n"
    b"Content-Type: message/delivery-status\n\nA: b\n\n"
)


def _file(kind: bytes, content: bytes) -> bytes:
    head = b"Content-Type: %s\nContent-Transfer-Encoding: base64\n\n" % kind
    return HEAD + head + base64.encodebytes(content)


def _tnef(rich: bytes, magic: bytes) -> bytes:
    """Outlook's wrapping around rich text."""
    packed = struct.pack("<II4sI", len(rich) + 12, len(rich), magic, 0) + rich
    value = packed + b"\0" * (-len(packed) % 4)
    told = struct.pack("<IHHII", 1, 258, 0x1009, 1, len(packed)) + value
    return _file(
        b"application/ms-tnef",
        SIGNATURE + b"\1\0" + struct.pack("<BII", 1, 0x69003, len(told)) + told + b"\0\0",
    )


SHAPES: dict[str, Callable[[int], bytes]] = {
    "introductions": lambda n: HEAD + b"\n" + b"On 2 Mar 2026 at 09:30 x wrote:\n> a\nb\n" * n,
    "labels": lambda n: HEAD + b"\n" + b"From: x\nTo: y\n\n" * n,
    "rules": lambda n: HEAD + b"\n" + b"-----\n\n" * n,
    "dashes": lambda n: HEAD + b"\n" + b"--original message--\n" * n,
    "colons": lambda n: HEAD + b"\n" + b"a@b.test 2026 9:30:\n\n" * n,
    "flat blocks": lambda n: HEAD + b"\n" + b"From: a: b: c: d\n" * n,
    "answers between": lambda n: HEAD + b"\n" + b"> a\nb\n" * n,
    "signatures": lambda n: HEAD + b"\n" + b"-- \nSent from my iPhone\n\n" * n,
    "small print": lambda n: HEAD + b"\n" + b"this e-mail is confidential, delete it\n\n" * n,
    "uuencode": lambda n: HEAD + b"\n" + b"begin 644 x\n#abc\nend\n" * n,
    "unclosed uuencode": lambda n: HEAD + b"\n" + b"begin 644 x\n" * n + b"\nend",
    "armour": lambda n: HEAD + b"\n" + b"-----BEGIN PGP SIGNED MESSAGE-----\n" * n,
    "bounced lines": lambda n: BOUNCE + b"\n" + b"<a@b.test>: 550 5.1.1 unknown\n" * n,
    "bounced line": lambda n: BOUNCE + b"\ndelivery failed " + b"a@b.test 5.1.1 " * n,
    "reports": lambda n: HEAD + REPORT + b"Final-Recipient: x; a@b.test\nAction: failed\n\n" * n,
    "calendars": lambda n: HEAD + b"Content-Type: text/calendar\n\n" + b"ATTENDEE:mailto:a\n " * n,
    "marks": lambda n: HEAD + b"Content-Type: text/html\n\n" + b"<div class=gmail_attr>a</div>" * n,
    "blockquotes": lambda n: HEAD + b"Content-Type: text/html\n\n<p>" + b"<blockquote>a" * n,
    "enriched": lambda n: HEAD + b"Content-Type: text/enriched\n\n" + b"<<a>" * n,
    "unknown bytes": lambda n: HEAD + b"\n" + b"\xc0\xe1\xe2 " * n,
    "rich text": lambda n: _tnef(b"{\\rtf1 " + b"{\\b a\\u8364?\\par}" * n + b"}", b"MELA"),
    "packed rich text": lambda n: _tnef(b"\0abcdefgh" * n, b"LZFu"),
    "envelopes": lambda n: _file(b"application/pkcs7-mime", b"\x30\x80" * n),
    "recipients": lambda n: b"To: " + b"a@b.test, " * n + b"\n\nx",
    "groups": lambda n: b"To: " + b"a:" * n + b"\n\nx",
    "comments": lambda n: b"From: " + b"(" * n + b"\n\nx",
    "words": lambda n: b"Subject: " + b"=?utf-8?Q?a?= " * n + b"\n\nx",
    "begun words": lambda n: b"Subject: " + b"=?utf-8?Q?" * n + b"\n\nx",
    "html": lambda n: HEAD + b"Content-Type: text/html\n\n" + b"<p>a<b>c</b></p>" * n,
    "pictures": lambda n: HEAD + b"Content-Type: text/html\n\n"
    + b'<img src="data:image/png;base64,iVBO">' * n,
    "boundaries": lambda n: HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n"
    + b"--bb\n--b \n\n" * n,
    "parameters": lambda n: b"Content-Type: x/y" + b'; a="\\";"' * n + b"\n\nx",
    "sections": lambda n: b"Content-Type: x/y"
    + b"".join(b"; name*%d*=a" % i for i in range(n)) + b"\n\nx",
    "references": lambda n: b"References: " + b"<a@b.test> " * n + b"\n\nx",
    "headers": lambda n: b"X-A: b\n" * n + b"\nx",
    "folds": lambda n: b"Subject: a\n" + b" b\n" * n + b"\nx",
    "flowed": lambda n: HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"> a \n" * n,
    "escapes": lambda n: HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=4" * n,
    "base64": lambda n: HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"QQ==\n" * n,
    "utf-7": lambda n: HEAD + b"Content-Type: text/plain; charset=utf-7\n\n" + b"+AGE-" * n,
    "utf-16": lambda n: HEAD + b"Content-Type: text/plain; charset=utf-16\n\n" + b"a\0\n\0" * n,
    "iso-2022-jp": lambda n: HEAD + b"\n" + b"\x1b$B$3\x1b(B " * n,
    "yenc": lambda n: HEAD + b"\n" + b"=ybegin line=128 name=x\nabc=J\n=yend\n" * n,
    "unclosed yenc": lambda n: HEAD + b"\n" + b"=ybegin line=128 name=x\nabc\n" * n + b"=yend x",
    "spaces in base64": lambda n: HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"Q Q! " * n,
    "soft breaks": lambda n: HEAD
    + b"Content-Transfer-Encoding: quoted-printable\n\n"
    + b"a= \n" * n,
    "junk headers": lambda n: b"junk\nSubject: a\n" * n + b"\nx",
    "open brackets": lambda n: b"To: " + b"A <a@b.test, " * n + b"\n\nx",
    "open quotes": lambda n: b'To: "' + b"a@b.test, " * n + b"\n\nx",
    "spaced addresses": lambda n: b"To: " + b"a@b.test " * n + b"\n\nx",
    "decoded addresses": lambda n: b"To: " + b"=?utf-8?Q?a=40b.test?=, " * n + b"\n\nx",
    "percent names": lambda n: b'Content-Type: x/y; name="' + b"%41" * n + b'"\n\nx',
    "meta": lambda n: HEAD + b"Content-Type: text/html\n\n" + b"<meta charset= " * n,
    "damaged letters": lambda n: HEAD + b"\n" + b"\xc3\xa4\xff " * n,
    "zeros": lambda n: HEAD + b"\n" + b"a\0" * n,
    "yandex": lambda n: HEAD + "\n----------\nКому: a\nТема: b\n".encode() * n,
    "own indents": lambda n: HEAD
    + b"Content-Type: text/html\n\n"
    + b"<blockquote>a</blockquote><p>b</p>" * n,
    "signed": lambda n: _file(b"application/pkcs7-mime", b"\x30\x80" * n),
    "signed sets": lambda n: _file(b"application/pkcs7-mime", b"\x30\x03\x02\x01\x01" * n),
    "octets": lambda n: _file(b"application/pkcs7-mime", b"\x30\x04" * n),
}  # fmt: skip
