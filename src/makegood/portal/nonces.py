"""A word in every public form: when it was given out, and that we did it. Needs no cookie.

Its chance part names what is sent with it, so that pressing twice is sending once.
"""

import time
from dataclasses import dataclass

from makegood.kit.ids import is_token, new_token
from makegood.kit.secrets import is_signed, sign

TOO_QUICK = 3.0
"""Seconds that a person needs at least; a machine that fills in forms is quicker."""
TOO_OLD = 24 * 3600.0


@dataclass(frozen=True, kw_only=True)
class Nonce:
    """A form's word, read."""

    key: str
    age: float

    def is_too_quick(self) -> bool:
        return self.age < TOO_QUICK

    def is_too_old(self) -> bool:
        return self.age > TOO_OLD


def new_nonce(purpose: str) -> str:
    issued = f"{int(time.time())}.{new_token()}"
    return f"{issued}.{_signature(purpose, issued)}"


def read_nonce(purpose: str, text: str) -> Nonce | None:
    """What a form sent back; None where we never gave it out for this purpose."""
    issued, _, signature = text.rpartition(".")
    moment, _, key = issued.partition(".")
    if not is_signed("nonce", f"{purpose} {issued}", signature) or not is_token(key):
        return None
    return Nonce(key=key, age=time.time() - int(moment))


def _signature(purpose: str, issued: str) -> str:
    return sign("nonce", f"{purpose} {issued}")
