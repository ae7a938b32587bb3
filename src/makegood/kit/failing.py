"""What a person sees when something broke: our fault, or a database that is away for a moment."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

RETRY_AFTER_SECONDS = 3


def failed(_request: HttpRequest) -> HttpResponse:
    """The answer to an error that nobody caught.

    A database that restarts is back in seconds and kept what it had promised: whoever asks is
    told to come again (RFC 9110, section 15.6.4), and a page that posted keeps its words.
    """
    is_away = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    status = 503 if is_away else 500
    answer = HttpResponse(loader.render_to_string(f"{status}.html"), status=status)
    if is_away:
        answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer
