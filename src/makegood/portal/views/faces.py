"""Who answers, as a small picture: for the chat on the shop's pages."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from makegood.portraits.queries import portrait_by


@login_not_required
@require_safe
def face(_request: HttpRequest, word: str) -> HttpResponse:
    """The picture with this word, which never changes: another picture has another word."""
    found = portrait_by(word)
    answer = HttpResponse(bytes(found.picture), content_type="image/webp")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "public, max-age=86400"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
