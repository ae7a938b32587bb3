"""One mail of the corpus, and what must be understood of it."""

import base64
from dataclasses import dataclass, field
from typing import Any

SHOP = "Nora Lindqvist"
SHOP_MAIL = "support@lantern.test"


@dataclass(frozen=True, slots=True)
class Case:
    """`expected` uses the names of `makegood mail explain`; `groups` say what it stands for."""

    name: str
    raw: bytes
    expected: dict[str, Any] = field(default_factory=dict)
    groups: tuple[str, ...] = ()


def message(
    body: str, *, subject: str = "Re: Your lamp", kind: str = "text/plain", more: str = ""
) -> bytes:
    """A mail of a customer with one body."""
    head = (
        "From: Ida Berg <ida@customer.test>\r\n"
        f"To: {SHOP} <{SHOP_MAIL}>\r\n"
        f"Subject: =?utf-8?b?{base64.b64encode(subject.encode()).decode()}?=\r\n"
        "Date: Mon, 02 Mar 2026 10:15:00 +0100\r\nMessage-ID: <ida-2@customer.test>\r\n"
        f"{more}MIME-Version: 1.0\r\nContent-Type: {kind}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return (head + body).replace("\r\n", "\n").replace("\n", "\r\n").encode()


def alternative(text: str, html: str, subject: str = "Re: Your lamp") -> bytes:
    """A mail of a customer that says the same twice."""
    part = "--b1\nContent-Type: {}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{}\n"
    body = part.format("text/plain", text) + part.format("text/html", html) + "--b1--\n"
    raw = message(body, subject=subject)
    old = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n--b1"
    return raw.replace(old, b"Content-Type: multipart/alternative; boundary=b1\r\n\r\n--b1", 1)
