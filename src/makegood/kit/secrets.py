"""One place for secrets: keys by purpose from one root key, and values that do not print.

The root key lives in a file beside the data (mode 0600), never in the database
(security.md D17). Every purpose gets a key of its own, so that no signature or sealed
value of one part of the house means anything to another.
"""

import base64
import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PREFIX = "mg1."


class Secret:
    """A value that shows itself as `***` in logs, errors, pages and JSON."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "***"

    def reveal(self) -> str:
        return self._value


class SecretDamaged(Exception):
    """A sealed value does not open: another key, or it was moved or altered."""


def make_root_key(path: Path) -> None:
    """Write a new root key where there is none; a key that exists is never replaced."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write(base64.b64encode(secrets.token_bytes(32)).decode() + "\n")
        file.flush()
        os.fsync(file.fileno())


@lru_cache(maxsize=4)
def _root_key(path: Path) -> bytes:
    return base64.b64decode(path.read_text().strip(), validate=True)


def _path() -> Path:
    from django.conf import settings  # settings derive their own key from here

    return Path(settings.ROOT_KEY_PATH)


@lru_cache(maxsize=64)
def key_for(purpose: str, path: Path | None = None) -> bytes:
    """32 bytes for one purpose, by HKDF-SHA256 (RFC 5869) from the root key."""
    derive = HKDF(algorithm=SHA256(), length=32, salt=b"makegood", info=purpose.encode())
    return derive.derive(_root_key(path or _path()))


def seal(purpose: str, place: str, value: str) -> str:
    """Encrypt a value so that it opens only for this purpose and in this place.

    `place` names table, row and column: a sealed value copied to another row stays shut.
    """
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(key_for(purpose)).encrypt(nonce, value.encode(), place.encode())
    return PREFIX + base64.b64encode(nonce + sealed).decode()


def unseal(purpose: str, place: str, sealed: str) -> Secret:
    """The value that `seal` closed. Raises `SecretDamaged`."""
    if not sealed.startswith(PREFIX):
        raise SecretDamaged(place)
    blob = base64.b64decode(sealed.removeprefix(PREFIX))
    try:
        opened = AESGCM(key_for(purpose)).decrypt(blob[:12], blob[12:], place.encode())
    except InvalidTag as error:
        raise SecretDamaged(place) from error
    return Secret(opened.decode())


def sign(purpose: str, text: str) -> str:
    """A 128-bit HMAC of a text, in hex."""
    return hmac.new(key_for(purpose), text.encode(), hashlib.sha256).hexdigest()[:32]


def is_signed(purpose: str, text: str, signature: Any) -> bool:
    return isinstance(signature, str) and hmac.compare_digest(
        sign(purpose, text).encode(), signature.encode("utf-8", "replace")
    )
