from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from makegood.automatic.queries import stopped_inboxes
from makegood.desk.asking import agent_of, wants_part
from makegood.desk.showing import SHOWN, list_of, shown_counts
from makegood.kit.jinja import page
from makegood.ledger.reading import newest_position
from makegood.watch.queries import alarms_for


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Who waits, before anything else."""
    return redirect("desk:view", "waiting")


@require_safe
def view(request: HttpRequest, name: str) -> HttpResponse:
    """One list, longest waiting first; or only the part of it that the page lacks."""
    agent = agent_of(request)
    if name not in SHOWN:
        raise Http404
    last_event = newest_position()
    context = list_of(agent, SHOWN[name], request.GET.get("after", ""))
    if wants_part(request, "more"):
        return page(request, "desk/_rows.html", context)
    context |= {"counts": shown_counts(agent), "last_event": last_event, "conversation": None}
    context |= {"alarms": alarms_for(agent), "sets_up": agent.may_set_up()}
    context["silenced"] = stopped_inboxes() if agent.may_set_up() else ()
    template = "desk/_refreshed_list.html" if wants_part(request, "rows") else "desk/inbox.html"
    return page(request, template, context)
