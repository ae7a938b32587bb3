"""What every answer carries: the strict headers, and a refusal in words."""

from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

from makegood.kit.errors import Refused
from makegood.kit.jinja import page

Answer = Callable[[HttpRequest], HttpResponse]

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types default"
)


def holds_the_chat(response: HttpResponse) -> HttpResponse:
    """A page of ours with the shop's chat in it: that loads its second script by a policy."""
    policy = CSP.replace("trusted-types default", "trusted-types default makegood")
    response.headers["Content-Security-Policy"] = policy
    return response


def strict_headers(get_response: Answer) -> Answer:
    """One policy for all pages (security.md D08); an answer that set its own keeps it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"
        )
        response.headers.setdefault("Cache-Control", "private, no-store")
        patch_vary_headers(response, ["Cookie"])
        return response

    return middleware


class PackedPages(GZipMiddleware):
    """Pages and answers of the API leave packed where the browser takes that: a conversation
    comes to a phone in a fifth of its bytes.

    Django adds a random length to each (BREACH: its secrets cannot be guessed by size). Files
    and scripts go as they are: they are packed already, or asked for in parts.
    """

    KINDS = ("text/html", "application/json")

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or kind not in self.KINDS:
            return response
        return super().process_response(request, response)


class RefusalsInWords:
    """A `Refused` from an action becomes its words, with its own status."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        fragment = (
            "kit/refused.html#words" if request.headers.get("HX-Request") else "kit/refused.html"
        )
        return page(request, fragment, {"words": exception.words}, status=exception.status)


class WroteOnRead(AssertionError):
    """A GET changed the database: looking must never be an act (security.md D19)."""


WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


def reads_never_write(get_response: Answer) -> Answer:
    """In tests: a GET or HEAD that writes anything but its session fails the test."""

    def trap(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if sql.lstrip().upper().startswith(WRITES) and "django_session" not in sql:
            raise WroteOnRead(sql[:200])
        return execute(sql, *rest)

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        with connection.execute_wrapper(trap):
            return get_response(request)

    return middleware
