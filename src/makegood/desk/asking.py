"""Who asks, and in which manner: the few things every view of the desk wants to know."""

import json
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from makegood.conversations.models import Conversation
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


def led(request: HttpRequest, conversation: Conversation, *, is_step: bool = True) -> HttpResponse:
    """To where it stands now, the list beside it and all else staying as they are.

    `is_step`: the way back leads to what was open before; not where the same is shown anew.
    """
    address = reverse("desk:conversation", args=[conversation.pk])
    here = urlsplit(request.headers.get("HX-Current-URL", address))
    if not is_htmx(request):
        return redirect(address)
    response = HttpResponse(status=204)
    if not _is_beside_a_list(here.path):
        response.headers["HX-Redirect"] = address
        return response
    path = f"{address}?{here.query}" if here.query else address
    place = {"path": path, "target": "#opened", "swap": "outerHTML"}
    place |= {} if is_step else {"push": "false"}
    response.headers["HX-Location"] = json.dumps(place)
    return response


def _is_beside_a_list(path: str) -> bool:
    """Whether that page shows a conversation beside its list, and not one question on its own."""
    first, *rest = path.strip("/").split("/")
    return first == "conversations" and len(rest) == 1


def numbers_in(words: Iterable[str]) -> list[int]:
    """Those that are numbers of rows, each once."""
    fit = (word.strip().lstrip("#") for word in words)
    return list(
        dict.fromkeys(int(one) for one in fit if one.isascii() and one.isdigit() and len(one) < 16)
    )
