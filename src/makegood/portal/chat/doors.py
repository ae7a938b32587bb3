"""Who may ask: pages of the shop's own origins, and visitors by the secret of their browser.

No cookie is read or set: the browser's secret travels in a header that no other page can
send for it, so there is nothing to forge (security.md T82).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from makegood.channels.models import Inbox
from makegood.chat.models import Visitor
from makegood.chat.queries import chat_inbox, is_secret, visitor_with
from makegood.kit.errors import Refused
from makegood.portal.chat.refusing import Elsewhere, told
from makegood.portal.chat.rush import ANYTHING
from makegood.portal.embedding import allowed_origins, origin_of
from makegood.portal.networks import network_of

LANGUAGES = dict(settings.LANGUAGES)


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who asks: the page's chat, its language, and the secret of the browser."""

    inbox: Inbox
    language: str
    secret: str
    network: str
    origin: str

    def visitor(self) -> Visitor | None:
        """Whoever has written from this browser before. Raises `Elsewhere`."""
        found = visitor_with(self.inbox, self.secret, timezone.now())
        if found is not None and not found.may_open(self.origin):
            raise Elsewhere
        return found


View = Callable[..., HttpResponseBase]


def for_pages(*methods: str) -> Callable[[View], View]:
    """Open a view to the shop's pages alone; answer what their browsers ask beforehand."""

    def opened(view: View) -> View:
        @csrf_exempt  # see above: no cookie speaks for anybody here
        @login_not_required
        @wraps(view)
        def door(request: HttpRequest, public_id: str, **rest: Any) -> HttpResponseBase:
            inbox = chat_inbox(public_id)
            origin = request.headers.get("Origin", "")
            if not may_ask(inbox, origin):
                return _shared(error("origin", _("This page may not open the chat."), 403), "")
            if request.method == "OPTIONS":
                return _shared(_beforehand(methods), origin)
            if request.method not in methods:
                return _shared(HttpResponse(status=405), origin)
            caller = _caller(request, inbox)
            return _shared(_asked(view, request, caller, rest), origin)

        return door

    return opened


def _asked(
    view: View, request: HttpRequest, caller: Caller, rest: dict[str, Any]
) -> HttpResponseBase:
    with translation.override(caller.language):
        try:
            ANYTHING.refuse(caller.network)
            return view(request, caller, **rest)
        except Refused as refused:
            body, status, headers = told(refused)
            return JsonResponse(body, status=status, headers=headers)


def may_ask(inbox: Inbox, origin: str) -> bool:
    """Whether a page there is the shop's. No origin: the same site, or no browser at all."""
    return not origin or origin == origin_of(settings.URL) or origin in allowed_origins(inbox)


def secret_in(header: str) -> str:
    """The secret in an `Authorization` header, or an empty word."""
    scheme, _space, secret = header.partition(" ")
    return secret if scheme.lower() == "bearer" and is_secret(secret) else ""


def error(code: str, words: str, status: int) -> JsonResponse:
    return JsonResponse({"error": code, "words": words}, status=status)


def language_of(asked: str, inbox: Inbox) -> str:
    """The page's language where we speak it, else the inbox's."""
    wanted = (asked.partition("-")[0].lower(), inbox.language)
    return next((one for one in wanted if one in LANGUAGES), "en")


def _caller(request: HttpRequest, inbox: Inbox) -> Caller:
    return Caller(
        inbox=inbox,
        language=language_of(request.GET.get("lang", ""), inbox),
        secret=secret_in(request.headers.get("Authorization", "")),
        network=network_of(request),
        origin=request.headers.get("Origin", ""),
    )


def _beforehand(methods: tuple[str, ...]) -> HttpResponse:
    response = HttpResponse(status=204)
    response.headers["Access-Control-Allow-Methods"] = ", ".join(methods)
    response.headers["Access-Control-Allow-Headers"] = "authorization, content-type"
    response.headers["Access-Control-Max-Age"] = "86400"
    return response


def _shared(response: HttpResponseBase, origin: str) -> HttpResponseBase:
    if origin:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
    response.headers["Vary"] = "Origin"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
