"""How fast mail is read: through the bounded child, against Python's own parser beside it."""

import email
import email.policy
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from makegood.channels.email.child import read_apart
from makegood.channels.email.reading import read

from . import mails
from .growing import SHAPES

_SIZES = (125_000, 1_000_000)
_LEAST_SECONDS = 0.002
"""Below that, a clock says nothing of growth."""
_SAMPLE = 7
"""Every so many mails of the corpus: a mixture of all its kinds."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Mails per second, by turns of the same mails, and how many they were."""

    bounded: float
    stdlib: float
    mails: int

    @property
    def ratio(self) -> float:
        return self.bounded / self.stdlib


def parse_rates(*, seconds: float = 5.0) -> Rates:
    """How fast mail is read in the bounded child, and how fast by Python's parser in here.

    Both read the same mails, by turns, so that a machine that is busy meanwhile slows both.
    """
    raws = [case.raw for i, case in enumerate(mails()) if i % _SAMPLE == 0]
    read_apart(raws[0], {})
    spent = {"bounded": 0.0, "stdlib": 0.0}
    count = 0
    for turn in _turns(raws, 50):
        spent["bounded"] += _time_of(lambda raw: read_apart(raw, {}), turn)
        spent["stdlib"] += _time_of(_read_by_stdlib, turn)
        count += len(turn)
        if sum(spent.values()) >= seconds:
            break
    return Rates(count / spent["bounded"], count / spent["stdlib"], count)


def growth() -> dict[str, float]:
    """Of every shape of mail, the power of its size with which the time to read it grows."""
    return {name: exponent_of(make) for name, make in SHAPES.items()}


def exponent_of(make: Callable[[int], bytes]) -> float:
    """How time grows with size up to a megabyte: 1 is in step with it.

    Each size takes the best of three: what slows one of them is not the mail.
    """
    unit = max(1, len(make(1_000)) / 1_000)
    sizes = [round(size / unit) for size in _SIZES]
    times = [min(_seconds_for(make(n)) for _try in range(3)) for n in sizes]
    first, last = max(times[0], _LEAST_SECONDS), max(times[-1], _LEAST_SECONDS)
    return math.log(last / first) / math.log(_SIZES[-1] / _SIZES[0])


def _seconds_for(raw: bytes) -> float:
    begun = time.process_time()
    read(raw, {})
    return time.process_time() - begun


def _turns(raws: Sequence[bytes], size: int) -> Iterator[Sequence[bytes]]:
    while True:
        for at in range(0, len(raws), size):
            yield raws[at : at + size]


def _time_of(read: Callable[[bytes], object], raws: Sequence[bytes]) -> float:
    begun = time.perf_counter()
    for raw in raws:
        read(raw)
    return time.perf_counter() - begun


def _read_by_stdlib(raw: bytes) -> list[object]:
    """What a desk must know of a mail: its headers decoded, its words, its files."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    found: list[object] = []
    for part in mail.walk():
        try:
            found += [str(value) for value in part.values()]
            found.append(None if part.is_multipart() else part.get_payload(decode=True))
        except (ValueError, LookupError, AttributeError, TypeError, IndexError):
            # It fails on some of these mails; it is counted as if it had read them.
            continue
    return found
