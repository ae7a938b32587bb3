"""How fast mail is read: through the bounded child, against Python's own parser beside it."""

import email
import email.policy
import time
from collections.abc import Callable, Iterator, Sequence

from makegood.channels.email.child import read_apart

from . import mails

_SAMPLE = 7
"""Every so many mails of the corpus: a mixture of all its kinds."""


def parse_rates(*, seconds: float = 5.0) -> dict[str, float]:
    """Mails per second of `bounded` and of `stdlib`, and their `ratio` (`parse.bounded`).

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
    rates = {name: count / took for name, took in spent.items()}
    return {**rates, "ratio": rates["bounded"] / rates["stdlib"]}


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
