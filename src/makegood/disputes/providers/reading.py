"""What both readers need: JSON that may be anything, times, and text with a bound."""

import json
from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.kit.text import one_line


class Unreadable(Refused):
    """A genuine signal says something that we cannot read."""


def read_object(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Unreadable(_("That is no JSON.")) from error
    if not isinstance(found, dict):
        raise Unreadable(_("That is no JSON object."))
    return found


def within(found: Any, *names: str) -> Any:
    """What lies so deep, or None where anything on the way is missing."""
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def word(found: Any, limit: int = 120) -> str:
    """A text or number as one bounded line; empty for anything else."""
    if isinstance(found, bool) or not isinstance(found, (str, int)):
        return ""
    return one_line(str(found), limit)


def whole(found: Any) -> int:
    """A whole number of minor units; never a float."""
    if isinstance(found, bool) or not isinstance(found, int) or abs(found) > 10**15:
        raise Unreadable(_("An amount is missing."))
    return found


def second(found: Any) -> datetime | None:
    """A Unix time."""
    if isinstance(found, bool) or not isinstance(found, int) or not 0 < found < 2**33:
        return None
    return datetime.fromtimestamp(found, UTC)


def moment(found: Any) -> datetime | None:
    """A time in ISO 8601; without a zone it is UTC."""
    try:
        at = parse_datetime(found) if isinstance(found, str) else None
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def named(found: Any) -> str:
    """An id, or an object that has one: providers answer with either."""
    return word(within(found, "id") if isinstance(found, dict) else found)
