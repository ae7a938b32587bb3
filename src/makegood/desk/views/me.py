from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from makegood.desk.asking import agent_of
from makegood.desk.showing import SHOWN
from makegood.kit.jinja import page


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """The agent's own page: how the desk looks, and the way out."""
    context = {"agent": agent_of(request), "views": list(SHOWN.values())}
    return page(request, "desk/me.html", context)
