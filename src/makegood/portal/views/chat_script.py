"""The chat's script, for every page that asks: the same for all, and no secret in it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from makegood.portal.chat.bundle import Bundle, bundle


@login_not_required
@require_safe
def widget(request: HttpRequest) -> HttpResponse:
    """What the shop's page loads: the button in the corner."""
    return _sent(request, bundle("loader"))


@login_not_required
@require_safe
def room(request: HttpRequest) -> HttpResponse:
    """What that loads in its turn: the chat itself."""
    return _sent(request, bundle("room"))


def _sent(request: HttpRequest, script: Bundle) -> HttpResponse:
    if request.headers.get("If-None-Match") == script.etag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(script.text, content_type="text/javascript; charset=utf-8")
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            response.content = script.compressed
            response.headers["Content-Encoding"] = "gzip"
    response.headers["ETag"] = script.etag
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
