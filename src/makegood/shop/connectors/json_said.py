"""Foreign JSON, asked politely: what is not of the kind that we expect is refused in words."""

import json
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from makegood.kit.errors import Refused

MOST = 2000


def opened(raw: bytes) -> dict[str, Any]:
    """An object out of bytes."""
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError) as wrong:
        raise Refused(_("It is no JSON.")) from wrong
    return an_object(said)


def an_object(said: Any) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise Refused(_("An object is expected, and something else came."))
    return said


def objects(said: Any) -> Sequence[dict[str, Any]]:
    """A list of objects; nothing is an empty one."""
    if said is None:
        return []
    if not isinstance(said, list) or len(said) > MOST:
        raise Refused(_("A list is expected, and something else came."))
    return [an_object(one) for one in said]


def text(said: dict[str, Any], *names: str) -> str:
    """The first of these that says something."""
    for name in names:
        found = said.get(name)
        if isinstance(found, str) and found.strip():
            return found.strip()
        if isinstance(found, int) and not isinstance(found, bool):
            return str(found)
    return ""


def number(said: dict[str, Any], name: str) -> str:
    """Its own number, which has to be there."""
    found = text(said, name)
    if not found:
        raise Refused(_("“%(name)s” is missing.") % {"name": name})
    return found


def count(said: dict[str, Any], name: str) -> int:
    found = said.get(name, 0)
    if isinstance(found, bool) or not isinstance(found, int):
        raise Refused(_("“%(name)s” is no whole number.") % {"name": name})
    return found
