"""Web Push: a message that only one browser can read (RFC 8291), from a sender it knows (RFC 8292).

Made of the cryptography that we have: some eighty lines against three more packages. The
push service in between carries ciphertext, padded so that its length says little.
"""

import base64
import json
import os
import struct
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from makegood.kit.egress import Fetched, deliver
from makegood.kit.secrets import key_for

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
RECORD = 4096
PADDED_TO = 1024
VOUCHED_FOR = 12 * 3600
POINT_BYTES, SECRET_BYTES = 65, 16


class BadSubscription(ValueError):
    """What a browser handed over is no subscription."""


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """Where a browser listens, and the keys for writing to it."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)

    def check(self) -> "Subscription":
        """As it must be to be written to. Raises `BadSubscription`."""
        try:
            parts = urlsplit(self.endpoint)
            is_point = len(_bytes(self.p256dh)) == POINT_BYTES
            ec.EllipticCurvePublicKey.from_encoded_point(CURVE, _bytes(self.p256dh))
            is_whole = is_point and len(_bytes(self.auth)) == SECRET_BYTES
        except ValueError as error:
            raise BadSubscription("keys") from error
        if not is_whole or parts.scheme != "https" or not parts.hostname:
            raise BadSubscription("address")
        return self


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _own_key() -> ec.EllipticCurvePrivateKey:
    """The house's own key, from the root key: nothing more to keep, nothing to lose."""
    number = int.from_bytes(key_for("web push") + key_for("web push, more")[:8])
    return ec.derive_private_key(number % (ORDER - 1) + 1, CURVE)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def public_key() -> str:
    """What a browser wants to know before it subscribes."""
    return _text(_point(_own_key().public_key()))


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)


def encrypt(
    content: bytes,
    to: Subscription,
    *,
    key: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """One record of `aes128gcm` (RFC 8188), for this browser alone."""
    key, salt = key or ec.generate_private_key(CURVE), salt or os.urandom(16)
    theirs, ours = _bytes(to.p256dh), _point(key.public_key())
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
    info = b"WebPush: info\0" + theirs + ours
    secret = _derived(shared, _bytes(to.auth), info, 32)
    content_key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(content_key).encrypt(nonce, content + b"\2", None)
    return salt + struct.pack("!IB", RECORD, len(ours)) + ours + sealed


def vouch(endpoint: str, owner: str, now: float) -> str:
    """Who we are, signed for this push service and half a day (RFC 8292)."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(now) + VOUCHED_FOR,
        "sub": owner,
    }
    told = ".".join(
        _text(json.dumps(one).encode()) for one in ({"typ": "JWT", "alg": "ES256"}, claims)
    )
    key = _own_key()
    r, s = decode_dss_signature(key.sign(told.encode(), ec.ECDSA(SHA256())))
    signed = f"{told}.{_text(r.to_bytes(32) + s.to_bytes(32))}"
    return f"vapid t={signed}, k={public_key()}"


def push(content: bytes, to: Subscription, *, owner: str, topic: str, now: float) -> Fetched:
    """Hand a message to the push service of a browser. Raises `Unreachable`."""
    padded = content.ljust(PADDED_TO)  # JSON: blanks at its end say nothing
    headers = {
        "Authorization": vouch(to.endpoint, owner, now),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(6 * 3600),
        "Topic": topic,
        "Urgency": "normal",
    }
    return deliver(to.endpoint, encrypt(padded, to), headers)
