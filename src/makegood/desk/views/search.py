from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from makegood.asking.completing import complete
from makegood.conversations.finding import Finder, Found
from makegood.conversations.naming import Names, understand
from makegood.desk.asking import agent_of
from makegood.desk.boxes import box
from makegood.desk.found_orders import orders_in_search
from makegood.desk.found_people import people_in_search
from makegood.desk.rows import written_hits
from makegood.kit.jinja import page
from makegood.kit.remembering import remembering

LONGEST = 1001


@require_safe
@remembering()
def search(request: HttpRequest) -> HttpResponse:
    """Conversations by their words and by what they are; only those that the agent may see."""
    agent = agent_of(request)
    query = request.GET.get("q", "").strip()[:LONGEST]
    understood = understand(query, agent)
    found, people = Found(rows=[]), people_in_search(agent, understood, request.GET)
    if query and not understood.problems:
        found = Finder(understood).hits(request.GET.get("after", ""))
    context = {
        "query": query,
        "found": found,
        "hits": written_hits(found.hits),
        "people": people,
        "orders": orders_in_search(agent, understood, request.GET),
        "fields": understood.vocabulary,
    } | box(understood)
    return page(request, "desk/search.html", context)


@require_safe
def options(request: HttpRequest) -> HttpResponse:
    """How a question may go on where the caret stands."""
    names = Names(agent_of(request))
    typed, caret = request.GET.get("q", ""), request.GET.get("caret", "")
    at = int(caret) if caret.isdecimal() and len(caret) < 6 else len(typed)
    completion = complete(typed, at, names.vocabulary, names.offered)
    return page(request, "desk/_options.html", {"completion": completion})


@require_safe
def help_(request: HttpRequest) -> HttpResponse:
    """Everything that can be asked, told by the fields themselves."""
    context = {"fields": Names(agent_of(request)).vocabulary}
    is_part = request.headers.get("HX-Target") == "ask-help-body"
    return page(request, "desk/_ask_help.html" if is_part else "desk/ask_help.html", context)
