"""What stands before a page: may they, and is it really they who sit there?"""

from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import (
    did_recently_reauthenticate,
    suspend_request,
)
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.team.models import Agent
from makegood.team.permissions import PERMISSIONS

ANY_OF_THE_OFFICE = "any of the office"
"""What the office's own first page asks for: one of its permissions, whichever."""

View = Callable[..., HttpResponseBase]
Gate = Callable[[View], View]


class NotAllowed(Refused):
    """Their role does not let them; said in words, because they see the button's place."""

    status = 403


def refuse_unless(agent: Agent, permission: str) -> None:
    """Go on only where this agent's role lets them."""
    if not agent.may(permission):
        words = _("Your role does not let you do this: %(what)s.")
        raise NotAllowed(words % {"what": PERMISSIONS[permission].name})


def needs(permission: str) -> Gate:
    """A page that does not exist for those who may not: the office is made of them."""
    return _gate(permission, _to_nothing)


def allows(permission: str, *methods: str) -> Gate:
    """An act on something they see: who may not is told so. `methods`: only these are closed."""
    return _gate(permission, refuse_unless, methods)


def leads_somewhere(agent: Agent, address: str) -> bool:
    """Whether an address opens to this agent's role: what does not is not offered to them."""
    asked = _asked_at(address.partition("?")[0])
    return asked == "" or (
        agent.works_in_office() if asked == ANY_OF_THE_OFFICE else agent.may(asked)
    )


@lru_cache(maxsize=1024)
def _asked_at(path: str) -> str:
    """The permission that a view asks for before anything else, or nothing."""
    try:
        view = resolve(path).func
    except Resolver404:
        return ""
    is_for_some = getattr(view, "needs_for", ())
    return "" if is_for_some and "GET" not in is_for_some else getattr(view, "needs", "")


def _to_nothing(agent: Agent, permission: str) -> None:
    if not agent.may(permission):
        raise Http404


def _gate(
    permission: str, check: Callable[[Agent, str], None], methods: Sequence[str] = ()
) -> Gate:
    if permission not in PERMISSIONS:
        raise KeyError(permission)

    def close(view: View) -> View:
        @wraps(view)
        def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, Agent):
                raise Http404
            if not methods or request.method in methods:
                check(request.user, permission)
            return view(request, *args, **kwargs)

        gate.needs = permission  # type: ignore[attr-defined]
        gate.needs_for = tuple(methods)  # type: ignore[attr-defined]
        return gate

    return close


def proves(*methods: str, resumes: bool = False) -> Gate:
    """Ask for the password or the second step again, unless it was given within ten minutes.

    Where `resumes`, what was posted is done right after; nothing secret may stand in it,
    because it waits in the session until then.
    """

    def close(view: View) -> View:
        @wraps(view)
        def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            asks = request.method in (methods or ("GET", "HEAD", "POST"))
            if not asks or did_recently_reauthenticate(request):
                return view(request, *args, **kwargs)
            return _ask_again(request, resumes)

        gate.proves = methods or ("GET", "POST")  # type: ignore[attr-defined]
        return gate

    return close


def _ask_again(request: HttpRequest, resumes: bool) -> HttpResponse:
    ways = get_adapter().get_reauthentication_methods(request.user)
    door = ways[0]["url"] if ways else "/accounts/again/"
    is_htmx = request.headers.get("HX-Request") == "true"
    if resumes and not is_htmx:
        return suspend_request(request, door)  # type: ignore[no-any-return]
    answer: HttpResponse = HttpResponse(status=204) if is_htmx else HttpResponseRedirect("")
    answer.headers["HX-Redirect" if is_htmx else "Location"] = f"{door}?{_then(request)}"
    return answer


def _then(request: HttpRequest) -> str:
    """Where it goes on: to the same page, or from a fragment to the page that it stands on."""
    referer = request.headers.get("HX-Current-URL", "")
    path = "/" + referer.partition("//")[2].partition("/")[2] if referer else ""
    return urlencode({"next": path or request.get_full_path()})
