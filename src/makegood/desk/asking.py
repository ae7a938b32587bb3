"""Who asks, and in which manner: the few things every view of the desk wants to know."""

from django.http import HttpRequest

from makegood.team.models import Agent


def agent_of(request: HttpRequest) -> Agent:
    """The agent who is signed in. Every page of the desk is closed to strangers."""
    if not isinstance(request.user, Agent):
        raise TypeError("A page of the desk was opened without signing in.")
    return request.user


def wants_part(request: HttpRequest, target: str) -> bool:
    """Whether htmx asks for one part of a page that is open already."""
    headers = request.headers
    is_restoring = headers.get("HX-History-Restore-Request") == "true"
    return not is_restoring and headers.get("HX-Target") == target


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
