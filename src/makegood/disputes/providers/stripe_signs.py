"""Whether Stripe wrote it: HMAC-SHA256 over the time and the raw bytes, within five minutes.

The header is `t=1700000000,v1=…,v1=…,v0=…`. While a secret is being changed Stripe signs with
both and so sends several `v1`; we may hold several secrets, with a blank between, meanwhile.
"""

import hashlib
import hmac
from collections.abc import Sequence

from makegood.kit.text import one_line

TOLERANCE = 300
MOST_SIGNATURES = 20


def secrets_in(text: str) -> Sequence[str]:
    """One, or the old and the new with a blank between."""
    return text.split()


def is_genuine(raw: bytes, header: str, secrets: Sequence[str], now: float) -> bool:
    """Constant in time for whoever guesses; without a secret nothing is genuine."""
    at, signatures = _parts(header)
    if at is None or abs(now - at) > TOLERANCE or not secrets:
        return False
    found = False
    for secret in secrets:
        expected = sign(raw, secret, at).encode()
        for signature in signatures:
            found |= hmac.compare_digest(expected, signature.encode("utf-8", "replace"))
    return found


def sign(raw: bytes, secret: str, at: int) -> str:
    return hmac.new(secret.encode(), b"%d." % at + raw, hashlib.sha256).hexdigest()


def _parts(header: str) -> tuple[int | None, Sequence[str]]:
    at: int | None = None
    signatures: list[str] = []
    for part in header[:8000].split(","):
        name, _is, value = part.strip().partition("=")
        if name == "t" and value.isascii() and value.isdecimal() and len(value) < 12:
            at = int(value)
        elif name == "v1" and len(signatures) < MOST_SIGNATURES:
            signatures.append(one_line(value, 100))
    return at, signatures
