from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.desk.asking import agent_of, is_htmx
from makegood.desk.first_steps import steps_of
from makegood.desk.person_forms import time_zones
from makegood.desk.showing import SHOWN
from makegood.kit.jinja import page
from makegood.sending.rules import habit_of
from makegood.team.actions import change_look, put_steps_away, set_time_zone
from makegood.team.gates import needs


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """The agent's own page: how the desk looks, and the way out."""
    agent = agent_of(request)
    looks = [
        ("theme", _("Light or dark"), agent.theme, agent.Theme.choices),
        ("density", _("Density"), agent.density, agent.Density.choices),
    ]
    now = formats.date_format(timezone.localtime(), "H:i")
    context = {"agent": agent, "views": list(SHOWN.values()), "looks": looks}
    context["habit"] = habit_of(agent)
    return page(request, "desk/me.html", context | {"zones": time_zones(), "now": now})


@require_POST
def time_zone(request: HttpRequest) -> HttpResponse:
    """By which clock the agent lives."""
    set_time_zone(agent_of(request), request.POST.get("zone", "").strip())
    return redirect("desk:me")


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """How the desk looks: the page changed by itself already, or is loaded again."""
    theme, density = (request.POST.get(name, "") for name in ("theme", "density"))
    change_look(agent_of(request), theme=theme, density=density)
    if not is_htmx(request):
        return redirect("desk:me")
    response = HttpResponse(status=204)
    if request.headers.get("HX-Target") == "toasts":  # asked for by the palette, from any page
        response.headers["HX-Refresh"] = "true"
    return response


@needs("office.settings")
@require_http_methods(["GET", "POST"])
def first_steps(request: HttpRequest) -> HttpResponse:
    """What an owner does first; posting puts it away."""
    agent = agent_of(request)
    if request.method == "POST":
        put_steps_away(agent)
        return redirect("desk:home")
    return page(request, "desk/first_steps.html", {"steps": steps_of(agent)})
