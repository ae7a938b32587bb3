"""Who a mail is from: real signatures, and a table in the place of the DNS."""

import base64
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from makegood.channels.email.authentication import is_aligned
from makegood.channels.email.channel import Email
from makegood.channels.email.verdict import NoAnswer, judge
from makegood.channels.interface import Trust, Verdict

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).decode()

RECORDS: dict[str, list[Any]] = {
    "TXT s._domainkey.example.com": [f"v=DKIM1; k=rsa; p={PUBLIC}"],
    "TXT s._domainkey.evil.example": [f"v=DKIM1; k=rsa; p={PUBLIC}"],
    "TXT _dmarc.example.com": ["v=DMARC1; p=reject"],
    "TXT _dmarc.relaxed.test": ["v=DMARC1; p=none"],
    "TXT _dmarc.strict.test": ["v=DMARC1; p=quarantine; adkim=s; aspf=s"],
    "TXT s._domainkey.mail.strict.test": [f"v=DKIM1; p={PUBLIC}"],
    "TXT relaxed.test": ["some words", "v=spf1 ip4:93.184.216.0/24 -all"],
    "TXT included.test": ["v=spf1 include:relaxed.test -all"],
    "TXT circle.test": ["v=spf1 include:circle.test -all"],
}

MAIL = (
    b"From: Ida Berg <%s>\r\nTo: hello@lantern.example\r\nSubject: Lamp\r\n"
    b"Date: Mon, 02 Mar 2026 10:12:00 +0100\r\n\r\nWhere is my lamp?\r\n"
)
OUTSIDE = {"peer": "93.184.216.34", "helo": "mx.test", "to": ["hello@lantern.example"]}


def table(key: str) -> list[Any]:
    return RECORDS.get(key, [])


def mail(sender: str = "ida@example.com") -> bytes:
    return MAIL % sender.encode()


def signed(raw: bytes, domain: str = "example.com", **options: Any) -> bytes:
    header: bytes = dkim.sign(raw, b"s", domain.encode(), PRIVATE, **options)
    return header + raw


def verdict(raw: bytes, envelope: dict[str, Any] | None = None, **options: Any) -> Verdict:
    incoming = Email().read(raw, envelope or {})
    return judge(raw, envelope or {}, incoming, resolver=table, **options)


def test_a_signature_of_the_senders_domain_verifies() -> None:
    found = verdict(signed(mail()))
    assert (found.trust, found.reason) == (Trust.VERIFIED, "Signed by example.com (DKIM)")


@pytest.mark.parametrize(
    "raw",
    [
        mail(),
        signed(mail()).replace(b"Where is", b"Where was"),
        signed(mail()).replace(b"Subject: Lamp", b"Subject: Other"),
        signed(mail(), "evil.example"),
        signed(mail(), length=True) + b"And a word that nobody signed.\r\n",
        b"From: Bo <bo@evil.example>\r\n" + signed(mail()),
        signed(mail()).replace(b"d=example.com", b"d=example.org"),
    ],
    ids=["none", "body", "subject", "other domain", "length", "second from", "renamed"],
)
def test_what_is_not_signed_by_a_domain_that_signs_is_suspicious(raw: bytes) -> None:
    found = verdict(raw)
    assert found.trust != Trust.VERIFIED
    assert found.reason


def test_a_server_that_the_domain_names_verifies() -> None:
    found = verdict(mail("ida@relaxed.test"), {**OUTSIDE, "from": "bounce@relaxed.test"})
    assert found.trust == Trust.VERIFIED
    assert "SPF" in found.reason


@pytest.mark.parametrize(
    ("peer", "sender"),
    [
        ("203.0.113.9", "ida@relaxed.test"),
        ("93.184.216.34", "ida@included.test"),
        ("93.184.216.34", ""),
        ("93.184.216.34", "x@circle.test"),
        ("127.0.0.1", "ida@relaxed.test"),
        ("nonsense", "ida@relaxed.test"),
    ],
)
def test_another_server_or_another_domain_does_not(peer: str, sender: str) -> None:
    envelope = {**OUTSIDE, "peer": peer, "from": sender}
    assert verdict(mail("ida@relaxed.test"), envelope).trust == Trust.UNVERIFIED


def test_a_strict_policy_wants_the_very_domain() -> None:
    found = verdict(signed(mail("ida@strict.test"), "mail.strict.test"))
    assert found.trust == Trust.SUSPICIOUS


def test_a_name_that_shows_another_address_is_suspicious() -> None:
    raw = mail().replace(b"Ida Berg", b'"boss@lantern.example"')
    assert verdict(signed(raw)).trust == Trust.SUSPICIOUS


@pytest.mark.parametrize(
    ("headers", "trust"),
    [
        (b"Authentication-Results: mx.shop.test; dmarc=pass\r\n", Trust.VERIFIED),
        (b"Authentication-Results: mx.shop.test; dmarc=fail\r\n", Trust.SUSPICIOUS),
        (b"Authentication-Results: mx.evil.test; dmarc=pass\r\n", Trust.UNVERIFIED),
        (
            b'Authentication-Results: mx.shop.test;\r\n spf=fail (of "a; dmarc=pass b"@evil.test)'
            b' smtp.mailfrom="a; dmarc=pass b"@evil.test;\r\n'
            b" dmarc=fail (p=none) header.from=elsewhere.test\r\n",
            Trust.SUSPICIOUS,
        ),
        (
            b"Authentication-Results: mx.shop.test 1; spf=fail smtp.helo=dmarc=pass;\r\n"
            b" dkim=none (a \\) ; dmarc=pass (b)); dmarc = none\r\n",
            Trust.UNVERIFIED,
        ),
        (
            b"Authentication-Results: mx.evil.test; dmarc=none\r\n"
            b"Authentication-Results: mx.shop.test; dmarc=pass\r\n",
            Trust.UNVERIFIED,
        ),
    ],
    ids=["pass", "fail", "another server", "in quotes", "in a comment", "not the first"],
)
def test_the_named_server_is_believed_only_where_it_stands_first(
    headers: bytes, trust: Trust
) -> None:
    raw = headers + mail("ida@elsewhere.test")
    assert verdict(raw, trusted_server="mx.shop.test").trust == trust
    assert verdict(raw).trust == Trust.UNVERIFIED


def test_a_domain_that_cannot_be_asked_proves_nothing() -> None:
    def silent(_key: str) -> list[Any]:
        raise NoAnswer

    raw = signed(mail())
    found = judge(raw, {}, Email().read(raw, {}), resolver=silent)
    assert found == Verdict(reason="The sender's domain could not be asked")


def test_a_mail_cannot_make_us_ask_without_end() -> None:
    asked: list[str] = []

    def endless(key: str) -> list[Any]:
        asked.append(key)
        return [f"v=spf1 include:a{len(asked)}.test include:b{len(asked)}.test -all"]

    envelope = {**OUTSIDE, "from": "x@relaxed.test"}
    raw = mail("ida@relaxed.test")
    found = judge(raw, envelope, Email().read(raw, envelope), resolver=endless)
    assert found.trust == Trust.UNVERIFIED
    assert len(asked) <= 40


@pytest.mark.parametrize(
    ("one", "other", "strict", "aligned"),
    [
        ("mail.example.com", "example.com", False, True),
        ("mail.example.com", "example.com", True, False),
        ("example.co.uk", "other.co.uk", False, False),
        ("co.uk", "other.co.uk", False, False),
        ("", "", False, False),
        ("EXAMPLE.com.", "example.com", True, True),
    ],
)
def test_alignment_goes_by_the_organisation(
    one: str, other: str, strict: bool, aligned: bool
) -> None:
    assert is_aligned(one, other, strict=strict) is aligned
