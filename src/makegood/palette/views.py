import hashlib
import json
from itertools import groupby

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from makegood.desk.asking import agent_of, wants_part
from makegood.kit.jinja import page
from makegood.palette import keys as keys_of
from makegood.palette.commands import OPEN, commands_for
from makegood.palette.finding import found_for
from makegood.palette.style import shown
from makegood.team.gates import needs


@require_safe
def commands(request: HttpRequest) -> HttpResponse:
    """All that can be typed for without asking again; not sent twice where the page has it."""
    said = [one.as_data() for one in commands_for(agent_of(request))]
    mark = hashlib.sha256(json.dumps(said).encode()).hexdigest()[:24]
    if request.GET.get("have") == mark:
        return HttpResponse(status=204)
    return JsonResponse({"mark": mark, "commands": said})


@require_safe
def found(request: HttpRequest) -> HttpResponse:
    """Customers and conversations for what is typed."""
    commands = found_for(agent_of(request), request.GET.get("q", ""))
    return JsonResponse({"commands": [one.as_data() for one in commands]})


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """The palette as a page: each way as a link, and a field that looks people up."""
    agent, typed = agent_of(request), request.GET.get("q", "").strip()
    ways = [one for one in commands_for(agent) if one.to and OPEN not in one.to and not one.send]
    groups = [(title, list(ways)) for title, ways in groupby(ways, key=lambda one: str(one.group))]
    context = {"groups": groups, "typed": typed, "found": found_for(agent, typed)}
    return page(request, "palette/all.html", context)


@needs("office.settings")
@require_safe
def look(request: HttpRequest) -> HttpResponse:
    """Every component in every state, light or dark, from either side: for whoever sets up."""
    theme, side = request.GET.get("theme", ""), request.GET.get("from", "")
    return page(request, "palette/style.html", shown(theme, side))


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """Every key: in the dialog behind `?`, or as a page."""
    agent_of(request)
    is_part = wants_part(request, "keys-body")
    template = "palette/_keys.html" if is_part else "palette/keys.html"
    return page(request, template, {"groups": keys_of.groups()})
