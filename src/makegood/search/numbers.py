"""Numbers that sort by time, so that the index's own order is newest first.

A number is the second of the thing in its upper bits and a slot in its lower six. A slot
that is taken leads to the seconds beside it, further the more are taken: an import of ten
thousand things of one day spreads over hours, and stays in its place among the days.
"""

import zlib
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta

SLOT_BITS = 6
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
SECONDS_A_WEEK = 604_800
MOST_TRIES = 24


def wanted(at: datetime, ref: str, attempt: int = 0) -> int:
    """The number that a thing would like to have: by its time, and by chance of its name."""
    second = max(0, int((at - BEGINNING).total_seconds()))
    spread = (1 << SLOT_BITS) << attempt
    return (second << SLOT_BITS) + zlib.crc32(f"{ref}#{attempt}".encode()) % spread


def choices(at: datetime, ref: str) -> Iterator[int]:
    """Every number that a thing may have, the one it would like best first."""
    return (wanted(at, ref, attempt) for attempt in range(MOST_TRIES))


def first_free(at: datetime, ref: str, taken: Collection[int]) -> int:
    """The first number of a thing's own row of wishes that nobody else has."""
    return next(number for number in choices(at, ref) if number not in taken)


def time_of(number: int) -> datetime:
    return BEGINNING + timedelta(seconds=number >> SLOT_BITS)


def week_of(number: int) -> int:
    return (number >> SLOT_BITS) // SECONDS_A_WEEK
