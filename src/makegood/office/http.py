"""Who asks, and what only an owner may ask for."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase

from makegood.team.models import Agent

View = Callable[..., HttpResponseBase]


def agent_of(request: HttpRequest) -> Agent:
    """The agent who is signed in; every page is closed to others before a view begins."""
    if not isinstance(request.user, Agent):
        raise Http404
    return request.user


def owners_only(view: View) -> View:
    """To anybody else, what lies behind does not exist."""

    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not agent_of(request).may_set_up():
            raise Http404
        return view(request, *args, **kwargs)

    return gate
