from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation


def speak_the_agents_language(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """An agent who chose a language gets it, whatever the browser asks for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        language = getattr(request.user, "language", "") if request.session.session_key else ""
        if not language:
            return get_response(request)
        with translation.override(language):
            response = get_response(request)
        response.headers["Content-Language"] = language
        return response

    return middleware
