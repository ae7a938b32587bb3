"""Odd containers: files under many names, mails within mails, invitations, Outlook's wrapping."""

import base64
import binascii
import struct
from collections.abc import Iterator

from .case import Case

_HEAD = b"From: Ida <ida@customer.test>\nTo: support@lantern.test\nSubject: x\nMIME-Version: 1.0\n"


def odd_mails() -> Iterator[Case]:
    """Everything that is rightly made and rarely seen."""
    yield from _names()
    yield from _wrapped()
    yield from _special()
    yield from _flowed()


def _mixed(*parts: bytes) -> bytes:
    body = b"".join(b"--b\n" + part + b"\n" for part in parts)
    return _HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + body + b"--b--\n"


_WORDS = b"Content-Type: text/plain\n\nSee the file."


def _names() -> Iterator[Case]:
    given = {
        "plain": (b'attachment; filename="lamp.pdf"', "lamp.pdf"),
        "token": (b"attachment; filename=lamp.pdf", "lamp.pdf"),
        "spaces": (b"attachment; filename=my lamp.pdf", "my lamp.pdf"),
        "rfc2231": (b"attachment; filename*=utf-8''L%C3%A4mp.pdf", "Lämp.pdf"),
        "rfc2231-latin": (b"attachment; filename*=iso-8859-1'de'L%E4mp.pdf", "Lämp.pdf"),
        "sections": (b"attachment; filename*0*=utf-8''L%C3%A4; filename*1=mp.pdf", "Lämp.pdf"),
        "plain-sections": (b'attachment; filename*0="la"; filename*1="mp.pdf"', "lamp.pdf"),
        "rfc2047": (b'attachment; filename="=?utf-8?Q?L=C3=A4mp.pdf?="', "Lämp.pdf"),
        "rfc2047-bare": (b"attachment; filename==?utf-8?B?TMOkbXAucGRm?=", "Lämp.pdf"),
        "raw-utf-8": ('attachment; filename="Lämp.pdf"'.encode(), "Lämp.pdf"),
        "raw-latin": ('attachment; filename="Lämp.pdf"'.encode("latin-1"), "Lämp.pdf"),
        "path": (b'attachment; filename="C:\\\\lamps\\\\lamp.pdf"', "lamp.pdf"),
        "up": (b'attachment; filename="../../etc/lamp.pdf"', "lamp.pdf"),
        "rtl": ("attachment; filename=\"lamp\u202efdp.exe\"".encode(), "lampfdp.exe"),
        "nul": (b'attachment; filename="lamp.pdf\x00.exe"', "lamp.pdf.exe"),
        "semicolon": (b'attachment; filename="a;b.pdf"', "a;b.pdf"),
        "quotes": (b'attachment; filename="a\\"b.pdf"', "a_b.pdf"),
        "folded": (b'attachment;\n\tfilename="lamp.pdf"', "lamp.pdf"),
        "none": (b"attachment", "attachment-1.pdf"),
        "empty": (b'attachment; filename=""', "attachment-1.pdf"),
        "dots": (b'attachment; filename=".."', "attachment-1.pdf"),
        "unclosed": (b'attachment; filename="lamp.pdf', "lamp.pdf"),
        "percent": (b"attachment; filename*=L%C3%A4mp.pdf", "Lämp.pdf"),
        "hidden-cf": ("attachment; filename=\"la\u200bmp.pdf\"".encode(), "lamp.pdf"),
    }  # fmt: skip
    for name, (disposition, expected) in given.items():
        part = b"Content-Type: application/pdf\nContent-Disposition: " + disposition + b"\n\nx"
        raw = _mixed(_WORDS, part)
        yield Case(f"name-{name}", raw, {"files": [expected], "reply": "See the file."})


def _attribute(level: int, tag: int, value: bytes) -> bytes:
    return (
        struct.pack("<BII", level, tag, len(value)) + value + struct.pack("<H", sum(value) % 65536)
    )


def _property(tag: int, kind: int, value: bytes) -> bytes:
    padded = value + b"\0" * (-len(value) % 4)
    return struct.pack("<HHII", kind, tag, 1, len(value)) + padded


def _tnef() -> bytes:
    message = struct.pack("<I", 1) + _property(0x1000, 31, "Wrapped wörds".encode("utf-16-le"))
    long_name = "Lämp.pdf".encode("utf-16-le")
    file = (
        struct.pack("<I", 2)
        + _property(0x3707, 31, long_name)
        + _property(0x370E, 30, b"application/pdf\0")
    )
    return (
        b"\x78\x9f\x3e\x22\x01\x00"
        + _attribute(1, 0x00069007, struct.pack("<II", 1252, 0))
        + _attribute(1, 0x00069003, message)
        + _attribute(2, 0x00069002, b"\x01\x00" + b"\0" * 12)
        + _attribute(2, 0x00018010, b"LAMP.PDF\0")
        + _attribute(2, 0x0006800F, b"%PDF-1.4 lamp")
        + _attribute(2, 0x00069005, file)
    )


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    return bytes([tag, 0x82]) + size.to_bytes(2, "big") + content


def _signed(inner: bytes) -> bytes:
    data = _der(6, bytes.fromhex("2a864886f70d010701"))
    content = _der(0x30, data + _der(0xA0, _der(4, inner)))
    signed = _der(0x30, _der(2, b"\x01") + _der(0x31, b"") + content + _der(0x31, b""))
    return _der(0x30, _der(6, bytes.fromhex("2a864886f70d010702")) + _der(0xA0, signed))


def _wrapped() -> Iterator[Case]:
    tnef = _tnef()
    part = (
        b"Content-Type: application/ms-tnef; name=winmail.dat\n"
        b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(tnef)
    )
    yield Case("tnef", _mixed(_WORDS, part), {"files": ["Lämp.pdf"], "reply": "See the file."})
    yield Case("tnef-alone", _mixed(part), {"files": ["Lämp.pdf"], "reply": "Wrapped wörds"})
    for at in range(0, len(tnef), 9):
        cut = base64.encodebytes(tnef[:at])
        broken = part.partition(b"\n\n")[0] + b"\n\n" + cut
        yield Case(f"tnef-cut-{at}", _mixed(_WORDS, broken), {"reply": "See the file."})
    uu = b"begin 644 lamp.txt\n" + binascii.b2a_uu(b"It is dark") + b"`\nend\n"
    raw = _HEAD + b"\nSee the file.\n\n" + uu
    yield Case("uuencode", raw, {"files": ["lamp.txt"], "reply": "See the file."})
    yield Case("uuencode-words", _HEAD + b"\nWe begin 5 minutes late\nend", {"files": []})
    inner = b"Content-Type: text/plain\n\nSigned words\n"
    part = (
        b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\n"
        b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(_signed(inner))
    )
    yield Case("smime-opaque", _HEAD + part, {"reply": "Signed words", "files": []})
    clear = (
        b"\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nWhere is it?\n- -- \nIda\n"
        b"-----BEGIN PGP SIGNATURE-----\n\niQEz\n=abcd\n-----END PGP SIGNATURE-----\n"
    )
    expected = {"lines": ["Where is it?"], "files": ["signature.asc"], "fact": {"signed": "PGP"}}
    yield Case("pgp-clear", _HEAD + clear, expected)
    secret = b"\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n"
    trouble = ["This mail is encrypted and could not be opened."]
    yield Case("pgp-secret", _HEAD + secret, {"troubles": trouble})


def _special() -> Iterator[Case]:
    calendar = (
        b"Content-Type: text/calendar; method=REQUEST; charset=utf-8\n\nBEGIN:VCALENDAR\r\n"
        b"METHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Fitting the\r\n  lamp\r\n"
        b"LOCATION:5 Harbour Road\r\n"
        b"DTSTART;TZID=Europe/Berlin:20260303T100000\r\nDTEND:20260303T100000Z\r\n"
        b'ORGANIZER;CN="Berg: Ida":mailto:ida@customer.test\r\n'
        b"ATTENDEE;PARTSTAT=ACCEPTED:mailto:support@lantern.test\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    facts = {
        "invitation": "request", "what": "Fitting the lamp", "where": "5 Harbour Road",
        "begins": "2026-03-03 10:00 Europe/Berlin", "ends": "2026-03-03 10:00 UTC",
        "organiser": "ida@customer.test", "who": "support@lantern.test (accepted)",
    }  # fmt: skip
    yield Case("calendar", _mixed(_WORDS, calendar), {"fact": facts, "kind": "calendar"})
    yield Case("calendar-alone", _HEAD + calendar, {"fact": facts, "kind": "calendar"})
    piece = b"Content-Type: message/partial; id=x; number=2; total=3\n\nwords in the middle"
    yield Case("partial", _HEAD + piece, {"facts": {"piece": "2 / 3"}})
    outside = b'Content-Type: message/external-body; access-type=URL; url="https://x.test/a"\n\n'
    yield Case("external", _HEAD + outside + b"\n", {"facts": {"elsewhere": "https://x.test/a"}})
    inner = b"Content-Type: message/rfc822\n\nFrom: bo@x.test\nSubject: Inner lamp\n\nHello\n"
    yield Case("mail-in-mail", _mixed(_WORDS, inner), {"files": ["Inner lamp.eml"]})
    digest = (
        _HEAD + b"Content-Type: multipart/digest; boundary=d\n\n--d\n\nFrom: a@x.test\nSubject: one"
        b"\n\n1\n--d\n\nFrom: b@x.test\nSubject: two\n\n2\n--d--\n"
    )
    yield Case("digest", digest, {"files": ["one.eml", "two.eml"]})
    rich = b"Content-Type: text/enriched\n\n<bold>Where</bold> is <<it>?"
    yield Case("enriched", _HEAD + rich, {"reply": "Where is <it>?"})
    html = b'Content-Type: text/html\n\n<p>Where<br>is <img src="cid:a" alt=lamp> it?</p>'
    yield Case("html-only", _HEAD + html, {"reply": "Where\nis [lamp] it?", "html": True})
    alone = b"Content-Type: application/pdf; name=lamp.pdf\n\n%PDF"
    yield Case("file-alone", _HEAD + alone, {"files": ["lamp.pdf"], "reply": ""})
    related = _HEAD + (
        b"Content-Type: multipart/related; boundary=r\n\n--r\nContent-Type: text/html\n\n"
        b'<p>See <img src="cid:1@x"></p>\n--r\nContent-Type: image/png\n'
        b"Content-ID: <1@x>\n\nPNG\n--r--\n"
    )
    yield Case("related", related, {"files": ["attachment-1.png"], "reply": "See"})


def _flowed() -> Iterator[Case]:
    flowed = b"Content-Type: text/plain; format=flowed\n\nOne long \nline.\n\n> quoted \n> words\n"
    yield Case("flowed", _HEAD + flowed, {"kept": ["One long line."]})
    delsp = "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\n\n灯が \n暗い\n"
    yield Case("flowed-delsp", _HEAD + delsp.encode(), {"reply": "灯が暗い"})
    signed = b"Content-Type: text/plain; format=flowed\n\nWhere?\n-- \nIda\n"
    yield Case("flowed-signed", _HEAD + signed, {"reply": "Where?"})
