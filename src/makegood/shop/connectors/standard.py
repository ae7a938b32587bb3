"""Signatures as Standard Webhooks describes them: id, time and bytes, under a shared secret."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.shop.connectors.interface import NotGenuine

PREFIX = "whsec_"
VERSION = "v1"
WITHIN = timedelta(minutes=5)
HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
SHORTEST = 16
"""Bytes of a secret below which nobody can rely on it."""


def new_secret() -> str:
    """A secret as both sides keep it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed(secret: str, event_id: str, at: datetime, raw: bytes) -> dict[str, str]:
    """The three headers for what we send ourselves."""
    seconds = str(int(at.timestamp()))
    signature = base64.b64encode(_digest(_key(secret), event_id, seconds, raw)).decode()
    return dict(zip(HEADERS, (event_id, seconds, f"{VERSION},{signature}"), strict=True))


def verified(
    keys: Sequence[str], raw: bytes, headers: Mapping[str, str], now: datetime | None = None
) -> tuple[str, datetime]:
    """The id and time of a signal that one of these secrets signed. Raises `NotGenuine`."""
    event_id, seconds, told = (headers.get(name, "") for name in HEADERS)
    if not event_id or len(event_id) > 200 or not (seconds.isascii() and seconds.isdigit()):
        raise NotGenuine(_("Its signature is missing."))
    usable = [key for key in map(_key, keys) if len(key) >= SHORTEST]
    claims = [one.partition(",")[2] for one in told.split()[:8] if one.startswith(VERSION + ",")]
    given = [_decoded(one) for one in claims]
    is_genuine = False
    for key in usable:
        right = _digest(key, event_id, seconds, raw)
        for one in given:  # all are compared: how long it takes tells nothing
            is_genuine |= hmac.compare_digest(right, one)
    if not is_genuine:
        raise NotGenuine(_("Its signature is not of this secret."))
    at = _moment(seconds)
    if abs((now or timezone.now()) - at) > WITHIN:
        raise NotGenuine(_("It is from another time: look at the clocks of both servers."))
    return event_id, at


def _digest(key: bytes, event_id: str, seconds: str, raw: bytes) -> bytes:
    head = f"{event_id}.{seconds}.".encode("utf-8", "replace")
    return hmac.new(key, head + raw, hashlib.sha256).digest()


def _key(secret: str) -> bytes:
    """Empty for a secret that is none."""
    return _decoded(secret.removeprefix(PREFIX))


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _moment(seconds: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(seconds[:12]), UTC)
    except (OverflowError, OSError, ValueError) as wrong:
        raise NotGenuine(
            _("It is from another time: look at the clocks of both servers.")
        ) from wrong


def refuse_unsigned(keys: Sequence[str], raw: bytes, told: str) -> None:
    """For shops that sign the bytes alone: base64 of HMAC-SHA256. Raises `NotGenuine`."""
    given, is_genuine = _decoded(told.strip()), False
    for key in keys:
        if len(key) >= SHORTEST:
            right = hmac.new(key.encode(), raw, hashlib.sha256).digest()
            is_genuine |= hmac.compare_digest(right, given)
    if not is_genuine:
        raise NotGenuine(_("Its signature is not of this secret."))


def hash_of(*parts: bytes) -> str:
    """An event's number where its sender gives none: the same bytes are the same event."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
