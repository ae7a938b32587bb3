"""Who asks, and who comes into the office at all."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase

from makegood.team.gates import ANY_OF_THE_OFFICE
from makegood.team.models import Agent

View = Callable[..., HttpResponseBase]


def agent_of(request: HttpRequest) -> Agent:
    """The agent who is signed in; every page is closed to others before a view begins."""
    if not isinstance(request.user, Agent):
        raise Http404
    return request.user


def for_the_office(view: View) -> View:
    """A page for whoever has anything to do in the office; it shows each what is theirs."""

    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not agent_of(request).works_in_office():
            raise Http404
        return view(request, *args, **kwargs)

    gate.needs = ANY_OF_THE_OFFICE  # type: ignore[attr-defined]
    return gate


def moved(pks: list[int], move: str) -> list[int]:
    """A list in its new order: `up:7` and `down:7` change places with the neighbour."""
    way, _colon, number = move.partition(":")
    is_number = number.isdecimal() and len(number) < 12
    if way not in ("up", "down") or not is_number or int(number) not in pks:
        return pks
    here = pks.index(int(number))
    there = max(0, min(len(pks) - 1, here + (1 if way == "down" else -1)))
    pks[here], pks[there] = pks[there], pks[here]
    return pks
