from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from makegood.channels.queries import agents_who_see
from makegood.desk.asking import agent_of, wants_part
from makegood.desk.rows import CHANNELS
from makegood.kit.jinja import page
from makegood.kit.remembering import remembering
from makegood.lead.forms import OwnerForm, WishForm
from makegood.lead.giving import give_promise
from makegood.lead.listing import count_in_words, count_promises, count_unsaid, promises_page
from makegood.lead.strip import strip_of
from makegood.lead.today import Day
from makegood.ledger.reading import newest_position
from makegood.presence.queries import states_of
from makegood.promises.explaining import explain
from makegood.promises.models import Promise
from makegood.promises.queries import promise_for
from makegood.promises.shown import all_shown, shown
from makegood.team.gates import allows, needs
from makegood.team.models import Agent
from makegood.team.queries import agents_to_choose


@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    """Everything that is to be kept, the next due first."""
    with remembering():
        agent, now = agent_of(request), timezone.now()
        form = WishForm(request.GET, agent=agent)
        wish = form.wish()
        found = promises_page(agent, wish, request.GET.get("after", ""), now)
        context: dict[str, Any] = {"list": found, "rows": all_shown(found.rows, now)}
        context |= {"wish": wish, "form": form, "channels": CHANNELS}
        if wants_part(request, "more"):
            return page(request, "lead/_rows.html", context)
        context |= {"last_event": newest_position()} | _counts(agent, now)
        return page(request, "lead/promises.html", context)


def _counts(agent: Agent, now: datetime) -> dict[str, Any]:
    counts = count_promises(agent, now)
    return {"counts": counts, "unsaid": count_unsaid(agent), "words": count_in_words}


@require_safe
def count(request: HttpRequest) -> HttpResponse:
    """How many are broken or at risk, for the rail."""
    counts = count_promises(agent_of(request), timezone.now())
    return page(request, "lead/_count.html", {"counts": counts, "words": count_in_words})


@require_safe
def promise(request: HttpRequest, pk: int) -> HttpResponse:
    """One promise, and why it is due when it is."""
    context = _why(request, promise_for(agent_of(request), pk))
    if wants_part(request, f"why-{pk}-sheet"):
        return page(request, "lead/_why.html", context)
    return page(request, "lead/promise.html", context)


def _why(request: HttpRequest, one: Promise) -> dict[str, Any]:
    now = timezone.now()
    told = explain(one, now, timezone.get_current_timezone())
    context = {"one": shown(one, now), "told": told, "strip": strip_of(told, now)}
    return context | {"channels": CHANNELS}


@require_safe
def why(request: HttpRequest, pk: int) -> HttpResponse:
    """The same derivation as data."""
    told = explain(promise_for(agent_of(request), pk), timezone.now())
    return JsonResponse(told.as_json(), json_dumps_params={"indent": 2})


@allows("act")
@require_http_methods(["GET", "POST"])
def owner(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else keeps it: the conversation, or the one word, goes to them."""
    agent, one = agent_of(request), promise_for(agent_of(request), pk)
    form = OwnerForm(request.POST or None)
    if form.is_valid():
        give_promise(one, to=form.cleaned_data["agent"], by=agent)
        messages.success(
            request, _("Given to %(name)s.") % {"name": form.cleaned_data["agent"].name}
        )
        return redirect(_back(request, one))
    inbox = one.conversation.inbox if one.conversation else None
    agents = agents_who_see(inbox) if inbox else agents_to_choose()
    context: dict[str, Any] = {"one": shown(one, timezone.now()), "agents": agents, "me": agent}
    context |= {"states": states_of(agents), "back": request.headers.get("HX-Current-URL", "")}
    is_part = wants_part(request, f"owner-{pk}-sheet")
    return page(request, "lead/_owner.html" if is_part else "lead/owner.html", context)


def _back(request: HttpRequest, one: Promise) -> str:
    """To the page that they came from."""
    came = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(came, {request.get_host()}, request.is_secure())
    return came if came and is_ours else reverse("lead:promise", args=[one.pk])


@needs("lead.see")
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """What is at risk right now and what to do; then the day."""
    with remembering():
        agent, now = agent_of(request), timezone.now()
        day = Day(agent, now, timezone.get_current_timezone())
        context = {"board": day.board(), "channels": CHANNELS, "now": now}
        return page(request, "lead/board.html", context | {"last_event": newest_position()})
