"""The door by which shops, carriers and payment providers tell us what happened."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from makegood.files.room import has_room
from makegood.shop.connectors.interface import NotGenuine
from makegood.shop.queries import open_connection
from makegood.shop.signals import MOST_BYTES, take_signal


@csrf_exempt  # no cookie speaks for anybody here: the sender's signature does
@login_not_required
@require_POST
def signal(request: HttpRequest, key: str) -> HttpResponse:
    """Keep what is genuine, then say so; everything else happens later."""
    connection = open_connection(key)
    if not has_room():
        return _no("later", 503)
    if _length(request) > MOST_BYTES:
        return _no("too large", 413)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        take_signal(connection, request.body, headers)
    except NotGenuine as wrong:
        return _no(str(wrong), wrong.status)
    return JsonResponse({"ok": True})


def _no(words: str, status: int) -> HttpResponse:
    return JsonResponse({"error": words}, status=status)


def _length(request: HttpRequest) -> int:
    """As the server counted it: a body without a length is refused before it gets here."""
    told = request.headers.get("Content-Length", "")
    return int(told) if told.isascii() and told.isdigit() else MOST_BYTES + 1
