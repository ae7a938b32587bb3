from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from makegood.acts.vocabulary import ACTS, acts_for_many
from makegood.automatic.queries import stopped_inboxes
from makegood.bulk.queries import did_just
from makegood.conversations.saved_views import view_for
from makegood.desk.asking import agent_of, wants_part
from makegood.desk.first_steps import steps_for
from makegood.desk.showing import (
    SHOWN,
    ShownView,
    list_of,
    shown_counts,
    view_of_query,
    view_of_saved,
)
from makegood.kit.jinja import page
from makegood.kit.remembering import remembering
from makegood.ledger.reading import newest_position
from makegood.watch.queries import alarms_for


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Who waits, before anything else; or what is asked for."""
    query = request.GET.get("q", "").strip()
    if not query:
        return redirect("desk:view", "waiting")
    return _listed(request, view_of_query(query))


@require_safe
def view(request: HttpRequest, name: str) -> HttpResponse:
    """One of the lists that every desk has."""
    if name not in SHOWN:
        raise Http404
    shown = SHOWN[name]
    is_turned = request.GET.get("order") == "urgent"
    return _listed(request, shown.by_urgency() if is_turned else shown)


@require_safe
def saved(request: HttpRequest, pk: int) -> HttpResponse:
    """A list of somebody's own asking."""
    return _listed(request, view_of_saved(view_for(agent_of(request), pk)))


@remembering()
def _listed(request: HttpRequest, view: ShownView) -> HttpResponse:
    """One list in its order; or only the part of it that the page lacks."""
    agent = agent_of(request)
    last_event = newest_position()
    context = list_of(agent, view, request.GET.get("after", ""))
    if wants_part(request, "more"):
        return page(request, "desk/_rows.html", context)
    context |= {"counts": shown_counts(agent), "last_event": last_event, "conversation": None}
    context |= {"alarms": alarms_for(agent), "sets_up": agent.may("office.inboxes")}
    context |= {"did": did_just(agent, request.GET.get("did", "")), "known_acts": ACTS}
    context["offered"] = acts_for_many()
    context["steps"] = steps_for(agent)
    context["silenced"] = stopped_inboxes() if agent.may("office.inboxes") else ()
    template = "desk/_refreshed_list.html" if wants_part(request, "rows") else "desk/inbox.html"
    return page(request, template, context)
