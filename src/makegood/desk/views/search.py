from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from makegood.conversations.listing import rows_for
from makegood.conversations.searching import scope_of
from makegood.desk.asking import agent_of
from makegood.kit.jinja import page
from makegood.kit.records import ref_id
from makegood.search.queries import find


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Conversations by their words, newest first; only those that the agent may see."""
    agent = agent_of(request)
    words = request.GET.get("q", "").strip()[:500]
    found = find(words, scope=scope_of(agent), after=request.GET.get("after", ""))
    rows = {row.pk: row for row in rows_for(agent, [ref_id(hit.about) for hit in found.hits])}
    hits = [(rows[ref_id(hit.about)], hit) for hit in found.hits if ref_id(hit.about) in rows]
    context = {"words": words, "hits": hits, "found": found}
    return page(request, "desk/search.html", context)
