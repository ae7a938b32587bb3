"""A list that was put in order, as its form brings it."""

from django.http import QueryDict


def ordered(posted: QueryDict, name: str) -> list[int]:
    """All numbers in their order; `up:7` and `down:7` change places with the neighbour."""
    pks = [int(pk) for pk in posted.getlist(name) if _is_number(pk)]
    way, _colon, number = posted.get("move", "").partition(":")
    if way not in ("up", "down") or not _is_number(number) or int(number) not in pks:
        return pks
    here = pks.index(int(number))
    there = max(0, min(len(pks) - 1, here + (1 if way == "down" else -1)))
    pks[here], pks[there] = pks[there], pks[here]
    return pks


def _is_number(typed: str) -> bool:
    return typed.isdecimal() and len(typed) < 12
