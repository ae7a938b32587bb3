"""Mails read in the bounded child, against Python's own parser in this process; and growth."""

from collections.abc import Iterator

from makegood.bench.figures import Figure, figure
from makegood.channels.email.corpus.measuring import growth, parse_rates

WHOLE = 100
"""In a quick run nobody waits for three dozen mails of a megabyte."""


def parse(rounds: int) -> Iterator[Figure]:
    rates = parse_rates(seconds=max(4.0, rounds / 5))
    yield figure("parse.bounded", rates.bounded, "mails/s", rates.stdlib, rates.mails)
    if rounds >= WHOLE:
        found = growth()
        yield figure("parse.growth", max(found.values()), "power", n=len(found))
