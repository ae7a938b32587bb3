from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from makegood.kit.errors import Refused
from makegood.office.forms.hours import all_zones
from makegood.office.forms.routing import SaveRouting, SaveWork, shown_routing, shown_work
from makegood.office.http import agent_of
from makegood.office.showing import form_page, office_page
from makegood.routing.queries import (
    agent_to_route,
    on_the_floor,
    routing_of,
    team_to_route,
    teams_routed,
)
from makegood.routing.setting import set_routing, set_strengths
from makegood.team.capacity import set_capacity
from makegood.team.gates import needs
from makegood.team.models import Agent
from makegood.team.shifts import set_shifts


@needs("office.routing")
@require_safe
def routing(request: HttpRequest) -> HttpResponse:
    """Which teams are given their conversations, and who is there to get them."""
    return office_page(request, "routing", {"teams": teams_routed(), "hands": on_the_floor()})


@needs("office.routing")
@require_http_methods(["GET", "POST"])
def team_routing(request: HttpRequest, pk: int) -> HttpResponse:
    """How one team's conversations find somebody."""
    owner = agent_of(request)
    team = team_to_route(owner, pk)
    form = SaveRouting(request.POST or None, initial=shown_routing(routing_of(team)))
    if form.is_valid():
        set_routing(team, form.wish(), by=owner)
        messages.success(request, _("Saved."))
        return redirect("office:routing")
    return form_page(request, "team_routing", form, {"team": team})


@needs("office.routing")
@require_http_methods(["GET", "POST"])
def work(request: HttpRequest, pk: int) -> HttpResponse:
    """When one agent works, how much they can hold, and what they know."""
    owner = agent_of(request)
    agent = agent_to_route(owner, pk)
    form = SaveWork(request.POST or None, initial=shown_work(agent))
    if form.is_valid() and _saved(form, agent, owner):
        messages.success(request, _("Saved."))
        return redirect("office:routing")
    return form_page(request, "work", form, {"agent": agent, "zones": all_zones()})


def _saved(form: SaveWork, agent: Agent, by: Agent) -> bool:
    try:
        set_shifts(agent, form.rota(), by=by)
        set_capacity(agent, form.room(), by=by)
        set_strengths(agent, form.cleaned_data["levels"], by=by)
    except Refused as refused:
        form.add_error(None, str(refused))
    return not form.errors
