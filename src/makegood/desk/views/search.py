from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from makegood.conversations.listing import rows_for
from makegood.desk.asking import agent_of
from makegood.desk.showing import CHANNELS, SHOWN
from makegood.kit.jinja import page


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Conversations by their words; only those that the agent may see."""
    agent = agent_of(request)
    words = request.GET.get("q", "").strip()[:200]
    found: list[int] = []
    context = {"q": words, "rows": rows_for(agent, found), "channels": CHANNELS}
    return page(request, "desk/search.html", context | {"views": list(SHOWN.values())})
