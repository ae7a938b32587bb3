"""What was typed, with the places marked at which it was not understood."""

from collections.abc import Sequence
from dataclasses import dataclass

from makegood.asking.problems import Problem


@dataclass(frozen=True)
class Bit:
    """A run of what was typed; wrong where a problem points at it."""

    text: str
    is_wrong: bool


def pointed(text: str, problems: Sequence[Problem]) -> list[Bit]:
    """The whole of it in runs, so that a page can mark the wrong ones."""
    bits, at = [], 0
    for one in problems:
        if one.start >= at:
            bits += [Bit(text[at : one.start], False), Bit(text[one.start : one.end], True)]
            at = one.end
    return [bit for bit in [*bits, Bit(text[at:], False)] if bit.text]
