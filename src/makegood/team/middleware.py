from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation


def speak_the_agents_language(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """An agent who chose a language and a zone gets them, whatever the browser asks for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        agent = request.user if request.session.session_key else None
        language = getattr(agent, "language", "")
        zone = getattr(agent, "zone", None) if getattr(agent, "time_zone", "") else None
        with timezone.override(zone or timezone.get_default_timezone()):
            if not language:
                return get_response(request)
            with translation.override(language):
                response = get_response(request)
        response.headers["Content-Language"] = language
        return response

    return middleware
