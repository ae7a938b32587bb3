"""The numbers in a folder that were passed over: where a mail may still turn up.

Numbers are given out in ascending order, so a gap is nearly always a mail that was deleted
before we looked. But some servers show a mail only after others with a higher number, and
some leave one out of an answer. Counting mails would not notice it: as many may have been
deleted meanwhile. So the gaps themselves are remembered, as IMAP writes them: `3:7,12`.
"""

from collections.abc import Iterable, Sequence

Gap = tuple[int, int]

LIMIT = 2_000
"""Older gaps than so many are closed for good: a mail does not turn up that late."""


def as_gaps(text: str) -> list[Gap]:
    """`3:7,12` as `[(3, 7), (12, 12)]`."""
    pairs = (one.partition(":") for one in text.split(",") if one)
    return [(int(first), int(last or first)) for first, _colon, last in pairs]


def as_text(gaps: Iterable[Gap]) -> str:
    """The other way round."""
    return ",".join(f"{first}:{last}" if last > first else f"{first}" for first, last in gaps)


def between(start: int, numbers: Sequence[int]) -> list[Gap]:
    """What lies between `start` and ascending numbers above it, and is none of them."""
    found = []
    for number in numbers:
        if number > start + 1:
            found.append((start + 1, number - 1))
        start = number
    return found


def without(gaps: Sequence[Gap], numbers: Iterable[int]) -> list[Gap]:
    """Gaps in which these numbers have turned up."""
    left = list(gaps)
    for number in numbers:
        for at, (first, last) in enumerate(left):
            if first <= number <= last:
                around = [(first, number - 1), (number + 1, last)]
                left[at : at + 1] = [gap for gap in around if gap[0] <= gap[1]]
                break
    return left


def contains(gaps: Sequence[Gap], number: int) -> bool:
    return any(first <= number <= last for first, last in gaps)
