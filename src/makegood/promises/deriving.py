"""Whoever promises something of an order says why it is due when it is: it registers here."""

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from makegood.promises.models import Promise

Says = Callable[[Promise, ZoneInfo], Sequence[str]]
_SAYS: list[Says] = []


def says_why(says: Says) -> Says:
    """Register who explains promises of orders; an empty answer leaves it to the next."""
    _SAYS.append(says)
    return says


def said_of(promise: Promise, zone: ZoneInfo) -> list[str]:
    """What the first of them says that knows it."""
    return next((list(found) for says in _SAYS if (found := says(promise, zone))), [])
