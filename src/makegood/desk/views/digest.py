"""The way out of mails that an agent asked for: behind a signed link, without signing in."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from makegood.kit.jinja import page
from makegood.notices.digest import digest_reader
from makegood.notices.wishes import end_digest


@csrf_exempt  # the link's signature stands in: a mail program presses it for the agent
@login_not_required
@require_http_methods(["GET", "POST"])
def digest_end(request: HttpRequest, pk: int, signature: str) -> HttpResponse:
    """No more digests. Looking at the link changes nothing: programs look at links."""
    agent = digest_reader(pk, signature)
    if agent is None:
        raise Http404
    if request.method == "POST":
        end_digest(agent)
    return page(request, "desk/digest_end.html", {"is_over": request.method == "POST"})
