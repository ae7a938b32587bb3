"""What mail servers report of our mail: by RFC 3464, in plain words, as complaints, as answers."""

import tomllib
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from .case import Case

_GONE = "ida@other.test"
_DIALECTS: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "dialects.toml").read_text("utf-8")
)
_HOUSES: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "dialects_more.toml").read_text("utf-8")
)
_OURS = (
    "Message-ID: <ours-7@lantern.test>\nFrom: Nora <support@lantern.test>\n"
    "To: Ida <ida@other.test>\nSubject: Your lamp\n\nIt leaves on Friday.\n"
)
# (what the server said, status code, our word for the cause, how bad)
_SAID = [
    ("550 5.1.1 <ida@other.test>: Recipient address rejected: User unknown in local table",
     "5.1.1", "no such mailbox", "hard"),
    ("550 5.1.1 The email account that you tried to reach does not exist.",
     "5.1.1", "no such mailbox", "hard"),
    ("550 No such user here", "5.1.1", "no such mailbox", "hard"),
    ("550 Requested action not taken: mailbox unavailable", "5.1.1", "no such mailbox", "hard"),
    ("554 delivery error: dd This user doesn't have a yahoo.com account", "5.1.1",
     "no such mailbox", "hard"),
    ("552 5.2.2 Mailbox is full", "5.2.2", "mailbox full", "soft"),
    ("552-5.2.2 The email account that you tried to reach is over quota.", "5.2.2",
     "mailbox full", "soft"),
    ("550 User ida exceeded the storage quota", "5.2.2", "mailbox full", "soft"),
    ("550 5.2.1 The email account that you tried to reach is disabled.", "5.2.1",
     "mailbox disabled", "hard"),
    ("550 This account has been suspended", "5.2.1", "mailbox disabled", "hard"),
    ("552 5.3.4 Message size exceeds fixed limit", "5.3.4", "too large", "soft"),
    ("550 5.1.2 Host unknown (Name server: host not found)", "5.1.2", "host unknown", "hard"),
    ("554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using zen.spamhaus.org",
     "5.7.1", "blocked", "soft"),
    ("550 Message rejected as spam by content filtering", "5.7.1", "blocked", "soft"),
    ("550 5.7.1 Relaying denied", "5.7.1", "relaying denied", "hard"),
    ("550-5.7.26 This mail is unauthenticated, which poses a security risk", "5.7.26",
     "origin not proved", "soft"),
    ("550 5.7.1 Message rejected by policy", "5.7.1", "policy", "soft"),
    ("550 5.4.6 Too many hops", "5.4.6", "loop", "soft"),
    ("554 5.6.0 Attachment type is not accepted here", "5.6.0", "content refused", "soft"),
]  # fmt: skip
_WAITING = [
    ("451 4.7.1 Greylisting in action, please come back later", "4.7.1", "try again later"),
    (
        "450 4.2.0 <gone@other.test>: Recipient address rejected: Greylisted",
        "4.2.0",
        "try again later",
    ),
    ("connect to mx.other.test[192.0.2.1]:25: Connection timed out", "4.4.1", "timed out"),
    ("452 4.2.2 The recipient's mailbox is full", "4.2.2", "mailbox full"),
]


def reports() -> Iterator[Case]:
    """Every dialect with every answer, then reports of all other kinds."""
    for dialect, shape in _DIALECTS.items():
        for number, (said, code, cause, severity) in enumerate(_SAID):
            raw = _in_words(shape, said)
            expected = _expected(code, cause, severity, said)
            yield Case(f"bounce-{dialect}-{number}", raw, expected, ("report", dialect))
    yield from _houses()
    for number, (said, code, cause, severity) in enumerate(_SAID):
        raw = _by_the_book(said, code, "failed")
        expected = _expected(code, cause, severity, said)
        yield Case(f"dsn-{number}", raw, expected, ("report", "dsn"))
        vague = _by_the_book(said, "5.0.0", "failed")
        expected = {"kind": "bounce", "recipients": [{"cause": cause, "severity": severity}]}
        yield Case(f"dsn-vague-{number}", vague, expected, ("report", "dsn"))
    for number, (said, code, cause) in enumerate(_WAITING):
        raw = _by_the_book(said, code, "delayed")
        waits = {"address": _GONE, "status": code, "cause": cause, "state": "queued"}
        yield Case(
            f"delay-{number}", raw, {"kind": "delayed", "recipients": [waits]}, ("report", "delay")
        )
    yield from _others()


def _houses() -> Iterator[Case]:
    """The large houses in their own words, alone and with a report that says less than they."""
    for house, shape in _HOUSES.items():
        code, cause, severity = shape["expect"]
        one = {"address": _GONE, "cause": cause, "severity": severity, "state": "bounced"}
        expected = {"kind": "bounce", "recipients": [{**one, "status": code} if code else one]}
        head, body = (str(shape[name]).format(gone=_GONE) for name in ("head", "body"))
        plain = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
        to = "\nTo: support@lantern.test\n"
        groups = ("report", house)
        yield Case(f"house-{house}", f"{head}{to}{plain}{body}".encode(), expected, groups)
        page = f"<html><body><p>{escape(body).replace(chr(10), '<br>')}</p></body></html>"
        html = plain.replace("text/plain", "text/html")
        yield Case(f"house-{house}-html", f"{head}{to}{html}{page}".encode(), expected, groups)
        fields = f"Reporting-MTA: dns; x.test\n\nFinal-Recipient: rfc822; {_GONE}\nAction: failed"
        parts = (
            "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; "
            "boundary=r1\n\n--r1\nContent-Type: text/plain; charset=utf-8\n\n"
            f"{body}\n--r1\nContent-Type: message/delivery-status\n\n{fields}\n\n--r1--\n"
        )
        yield Case(f"house-{house}-dsn", f"{head}{to}{parts}".encode(), expected, groups)


def _expected(code: str, cause: str, severity: str, said: str) -> dict[str, Any]:
    one = {"address": _GONE, "cause": cause, "severity": severity, "state": "bounced"}
    if code in said:
        one["status"] = code
    return {"kind": "bounce", "recipients": [one]}


def _in_words(shape: dict[str, str], said: str) -> bytes:
    head = shape["head"].format(gone=_GONE)
    body = shape["body"].format(gone=_GONE, said=said, ours=_OURS)
    whole = (
        f"{head}\nTo: support@lantern.test\nMIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}"
    )
    return whole.encode()


def _by_the_book(said: str, code: str, action: str) -> bytes:
    return _report(
        "delivery-status",
        "This is the mail system. Your message could not be delivered.",
        "message/delivery-status",
        f"Reporting-MTA: dns; mx.other.test\n\nFinal-Recipient: rfc822; {_GONE}\n"
        f"Action: {action}\nStatus: {code}\nDiagnostic-Code: smtp; {said}\n",
    )


def _report(kind: str, words: str, part: str, fields: str) -> bytes:
    return (
        "From: Mail Delivery System <MAILER-DAEMON@mx.other.test>\nReturn-Path: <>\n"
        "To: support@lantern.test\nSubject: Delivery Status\nMIME-Version: 1.0\n"
        f"Content-Type: multipart/report; report-type={kind}; boundary=r1\n\n--r1\n\n{words}\n"
        f"--r1\nContent-Type: {part}\n\n{fields}\n--r1\nContent-Type: message/rfc822\n\n"
        f"{_OURS}\n--r1--\n"
    ).encode()


def _others() -> Iterator[Case]:
    arf = "Feedback-Type: abuse\nUser-Agent: X/1\nVersion: 1\nOriginal-Rcpt-To: <ida@other.test>\n"
    raw = _report("feedback-report", "A complaint.", "message/feedback-report", arf)
    one = {"address": _GONE, "state": "complained", "about": ["<ours-7@lantern.test>"]}
    yield Case("arf", raw, {"kind": "feedback", "recipients": [one]}, ("report", "arf"))
    mdn = (
        f"Final-Recipient: rfc822; {_GONE}\nOriginal-Message-ID: <ours-7@lantern.test>\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\n"
    )
    words = "message/disposition-notification"
    raw = _report("disposition-notification", "It was read.", words, mdn)
    one = {"address": _GONE, "state": "read", "about": ["<ours-7@lantern.test>"]}
    yield Case("mdn", raw, {"kind": "receipt", "recipients": [one]}, ("report", "mdn"))
    raw = _report("disposition-notification", "Gone.", words, mdn.replace("displayed", "deleted"))
    yield Case("mdn-deleted", raw, {"kind": "receipt", "recipients": []}, ("report", "mdn"))
    raw = _by_the_book("250 2.1.5 OK", "2.1.5", "delivered")
    one = {"address": _GONE, "state": "delivered"}
    yield Case("dsn-arrived", raw, {"kind": "receipt", "recipients": [one]}, ("report", "dsn"))
    two = _by_the_book("550 no such user", "5.1.1", "failed").replace(
        b"\n--r1\nContent-Type: message/rfc822",
        b"\nFinal-Recipient: rfc822; bo@other.test\nAction: failed\nStatus: 5.2.2\n"
        b"\n--r1\nContent-Type: message/rfc822",
    )
    both = [{"address": _GONE, "status": "5.1.1"}, {"address": "bo@other.test", "status": "5.2.2"}]
    yield Case("dsn-two", two, {"kind": "bounce", "recipients": both}, ("report", "dsn"))
