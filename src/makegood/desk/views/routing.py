"""Asking for the next conversation, and saying whether one is here."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.conversations.queries import conversation_for
from makegood.desk.asking import agent_of, is_htmx, wants_part
from makegood.desk.showing import SHOWN
from makegood.desk.standing import AWAY, back_at
from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.routing.actions import take_next
from makegood.routing.queries import best_placed, choice_of
from makegood.team.absences import absence_of, come_back, go_away
from makegood.team.gates import allows
from makegood.team.models import Agent


@allows("answer")
@require_POST
def next_for_me(request: HttpRequest) -> HttpResponse:
    """The most urgent conversation that suits whoever asks."""
    try:
        found = take_next(agent_of(request))
        if found is None:
            raise Refused(_("Nothing waits that you could take now."))
    except Refused as refused:
        if is_htmx(request):
            raise
        messages.info(request, str(refused))
        return redirect("desk:inbox")
    return _led_to(request, f"{reverse('desk:conversation', args=[found.pk])}?view=mine")


def _led_to(request: HttpRequest, address: str) -> HttpResponse:
    if not is_htmx(request):
        return redirect(address)
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = address
    return response


@allows("act")
@require_safe
def placed(request: HttpRequest, pk: int) -> HttpResponse:
    """Why somebody was chosen for a conversation, and who would be now."""
    conversation = conversation_for(agent_of(request), pk)
    context = {"conversation": conversation, "views": list(SHOWN.values())}
    context |= {"choice": choice_of(conversation), "placed": best_placed(conversation)}
    return page(request, "desk/_placed.html" if is_htmx(request) else "desk/placed.html", context)


@require_http_methods(["GET", "POST"])
def standing(request: HttpRequest) -> HttpResponse:
    """Whether the agent is here, by their own word."""
    agent = agent_of(request)
    if request.method == "POST":
        _say(agent, request.POST.get("to", ""), request.POST.get("at", ""))
        if not is_htmx(request):
            return redirect("desk:me")
        if request.headers.get("HX-Target") == "toasts":  # asked for by the palette, anywhere
            response = HttpResponse(status=204)
            response.headers["HX-Refresh"] = "true"
            return response
    context = {"absence": absence_of(agent, timezone.now()), "ways": AWAY}
    if wants_part(request, "standing-sheet"):
        return _sheet(request, context)
    return page(request, "desk/standing.html", context | {"views": list(SHOWN.values())})


def _sheet(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """What the menu holds; once something was said, its button says so and it closes."""
    is_said = request.method == "POST"
    response = page(request, "desk/_standing.html", context | {"is_news": is_said})
    if is_said:
        response.headers["HX-Trigger"] = "menu-done"
    return response


def _say(agent: Agent, word: str, at: str) -> None:
    if word == "here":
        come_back(agent, by=agent)
    else:
        go_away(agent, until=back_at(word, at, agent, timezone.now()), by=agent)
