from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.channels.actions import retry_delivery
from makegood.channels.queries import all_inboxes, arrival_for, delivery_for, raw_bytes
from makegood.channels.troubles import troubled_arrivals, troubled_deliveries
from makegood.conversations.intake import read_again
from makegood.files.serving import disposition
from makegood.kit.jinja import page
from makegood.kit.text import one_line
from makegood.office.finding import settings
from makegood.office.http import agent_of, for_the_office
from makegood.office.showing import office_page
from makegood.team.gates import needs
from makegood.team.queries import active_agents, open_invitations


@for_the_office
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What needs the owner, and where everything is: any setting by a few letters."""
    agent, words = agent_of(request), one_line(request.GET.get("q", ""), 80)
    found = settings(agent, words)
    if request.headers.get("HX-Target") == "found":
        return page(request, "office/_found.html", {"found": found, "words": words})
    context = {
        "found": found,
        "words": words,
        "inboxes": all_inboxes(),
        "agents": active_agents(),
        "invitations": open_invitations(),
    }
    return office_page(request, "home", context)


@needs("office.troubles")
@require_safe
def arrivals(request: HttpRequest) -> HttpResponse:
    """What came in and could not be taken in. Nothing of it is lost."""
    return office_page(request, "arrivals", {"arrivals": troubled_arrivals()})


@needs("office.troubles")
@require_POST
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """Try once more to understand what came in."""
    owner = agent_of(request)
    arrival = arrival_for(owner, pk)
    read_again(arrival, by=owner)
    messages.info(request, _("It will be read again in a moment."))
    return redirect("office:arrivals")


@needs("office.troubles")
@require_safe
def raw(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes as they came: to be saved, never shown."""
    arrival = arrival_for(agent_of(request), pk)
    response = HttpResponse(raw_bytes(arrival), content_type="application/octet-stream")
    suffix = "json" if arrival.origin in ("form", "link") else "eml"
    response.headers["Content-Disposition"] = disposition("attachment", f"arrival-{pk}.{suffix}")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@needs("office.troubles")
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    """What did not leave, or did not get there."""
    return office_page(request, "deliveries", {"deliveries": troubled_deliveries()})


@needs("office.troubles")
@require_POST
def sending(request: HttpRequest, pk: int) -> HttpResponse:
    """Send again, under the same name."""
    owner = agent_of(request)
    if retry_delivery(delivery_for(owner, pk), by=owner):
        messages.success(request, _("It stands in the queue again."))
    return redirect("office:deliveries")
