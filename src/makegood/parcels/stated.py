"""Dates by which an order was said to be there: whoever makes such promises registers here."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

Says = Callable[[Sequence[int]], Mapping[int, datetime]]
_SAYS: list[Says] = []


def states_dates(says: Says) -> Says:
    """Register who knows by when orders were promised: their numbers in, the dates out."""
    _SAYS.append(says)
    return says


def stated_dates(orders: Sequence[int]) -> Mapping[int, datetime]:
    """The date of each order that has one; the earliest, where two say one."""
    found: dict[int, datetime] = {}
    for says in _SAYS:
        for order, at in says(orders).items():
            found[order] = min(at, found.get(order, at))
    return found
