"""Some work for a browser before it is heard, where many write at once (security.md T91).

The puzzle is ours: signed, for one browser, for some minutes, to be used once. It is solved by
a word behind the seed for which SHA-256 of `seed:word` begins with so many zero bits. One bit
more is twice the work; checking it is always one hash.
"""

import hashlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from makegood.kit.ids import digest, new_token
from makegood.kit.secrets import is_signed, sign

FEWEST, MOST = 14, 22
LASTS = 300
LONGEST = 200
GRACE = 2
"""So many bits may have been added while a browser was at work."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """Work that was done, for a puzzle that we gave out."""

    seed: str
    bits: int
    until: datetime


def bits_for(pressure: float) -> int:
    """How many zero bits, from 0 (the budget begins to run short) to 1 (it is used up)."""
    return min(MOST, FEWEST + round(max(0.0, pressure) * (MOST - FEWEST)))


def new_seed(whose: str, bits: int) -> str:
    """A puzzle for one browser, named by its inbox and its secret."""
    issued = f"{int(time.time())}.{bits}.{new_token()}"
    return f"{issued}.{_signature(whose, issued)}"


def work_done(whose: str, given: str, *, bits: int) -> Work | None:
    """What a browser sent back, where it is solved, in time, and hard enough."""
    seed, _colon, word = given.partition(":")
    issued, _dot, signature = seed.rpartition(".")
    if not word or len(given) > LONGEST or not is_signed(_PURPOSE, f"{whose} {issued}", signature):
        return None
    moment, asked, _chance = issued.split(".")
    until = int(moment) + LASTS
    if until < time.time() or int(asked) < bits - GRACE or zero_bits(given) < int(asked):
        return None
    return Work(seed=seed, bits=int(asked), until=datetime.fromtimestamp(until + LASTS, UTC))


def zero_bits(text: str) -> int:
    """How many zero bits the SHA-256 of a text begins with."""
    found = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return 256 - int.from_bytes(found).bit_length()


def whose_work(public_id: str, secret: str) -> str:
    return f"{public_id} {digest(secret)}"


_PURPOSE = "chat work"


def _signature(whose: str, issued: str) -> str:
    return sign(_PURPOSE, f"{whose} {issued}")
