"""Whether PayPal wrote it: its certificate signed `id|time|webhook|crc32` of the raw bytes.

Why not by PayPal's own interface: docs/decisions (a call out for every call in, and JSON that must
come back byte for byte).
"""

import base64
import binascii
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from makegood.disputes.providers.reading import moment

OLDEST = timedelta(days=4)
"""PayPal tries again for three days and signs each time anew; a replay of last week is nothing."""
SUBJECTS = {
    "api.paypal.com": "messageverificationcerts.paypal.com",
    "api.sandbox.paypal.com": "messageverificationcerts.sandbox.paypal.com",
}
"""From where a certificate may come, and for whom it must be made out."""
CERTIFICATES = "/v1/notifications/certs/"


@dataclass(frozen=True, kw_only=True)
class Transmission:
    """The headers of one call."""

    id: str
    time: str
    cert_url: str
    signature: bytes
    algorithm: str


def transmission_in(headers: Mapping[str, str]) -> Transmission | None:
    """What the headers say; None where one is missing or cannot be what it must be."""
    said = {name.lower(): value for name, value in headers.items()}
    names = ("id", "time", "sig")
    parts = [said.get(f"paypal-transmission-{name}", "") for name in names]
    url, how = said.get("paypal-cert-url", ""), said.get("paypal-auth-algo", "")
    if not all(parts) or how.upper() != "SHA256WITHRSA" or not is_paypals(url):
        return None
    try:
        signature = base64.b64decode(parts[2], validate=True)
    except (binascii.Error, ValueError):
        return None
    return Transmission(
        id=parts[0], time=parts[1], cert_url=url, signature=signature, algorithm=how
    )


def is_paypals(url: str) -> bool:
    """Whether an address of a certificate is PayPal's own, and nothing hides in it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    is_plain = not parts.query and not parts.fragment and not parts.username and "%" not in url
    is_there = parts.path.startswith(CERTIFICATES) and ".." not in parts.path and "\\" not in url
    return parts.scheme == "https" and port in (None, 443) and is_plain and is_there and (
        parts.hostname in SUBJECTS
    )  # fmt: skip


def signed_text(sent: Transmission, webhook: str, raw: bytes) -> bytes:
    return f"{sent.id}|{sent.time}|{webhook}|{zlib.crc32(raw) & 0xFFFFFFFF}".encode()


def is_genuine(
    sent: Transmission, webhook: str, raw: bytes, leaf: x509.Certificate, now: datetime
) -> bool:
    """Whether the holder of a trusted certificate signed exactly these bytes, lately."""
    at, key = moment(sent.time), leaf.public_key()
    if not webhook or at is None or abs(now - at) > OLDEST or not isinstance(key, RSAPublicKey):
        return False
    try:
        key.verify(sent.signature, signed_text(sent, webhook, raw), padding.PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def trusted(
    pem: bytes, cert_url: str, roots: Sequence[x509.Certificate], now: datetime
) -> x509.Certificate | None:
    """The certificate, if a root that we trust vouches for it and it is made out for PayPal."""
    name = SUBJECTS.get(urlsplit(cert_url).hostname or "")
    try:
        chain = x509.load_pem_x509_certificates(pem)
    except ValueError:
        return None
    if not name or not chain or not roots:
        return None
    asked = PolicyBuilder().store(Store(list(roots))).time(now)
    try:
        asked.build_server_verifier(x509.DNSName(name)).verify(chain[0], chain[1:])
    except (VerificationError, x509.UnsupportedGeneralNameType):
        return None
    return chain[0]
