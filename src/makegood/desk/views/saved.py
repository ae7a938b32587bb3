"""Views of one's own: saved, changed, shared, put in order."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.conversations.models import SavedView
from makegood.conversations.saved_views import (
    counts_of,
    may_change,
    unread_of,
    view_for,
    views_of,
)
from makegood.conversations.saving import change_view, order_views, remove_view, save_view
from makegood.desk.asking import agent_of, wants_part
from makegood.desk.forms import ViewForm
from makegood.desk.showing import counted_in_words
from makegood.kit.jinja import page
from makegood.team.absences import absence_of
from makegood.team.models import Agent


@require_safe
def views(request: HttpRequest) -> HttpResponse:
    """The saved views with how much stands in each: beside the list, or as a page to arrange."""
    agent = agent_of(request)
    found = views_of(agent)
    if wants_part(request, "saved-views"):
        context = _counted(found, agent) | {"saved": found, "here": request.GET.get("here", "")}
        context |= {"absence": absence_of(agent, timezone.now())}
        return page(request, "desk/_saved.html", context)
    changeable = {view.pk for view in found if may_change(view, agent)}
    return page(request, "desk/views.html", {"saved": found, "changeable": changeable})


def _counted(found: Sequence[SavedView], agent: Agent) -> dict[str, Any]:
    """How much stands in each, and how much of it the agent has not seen."""
    unread = unread_of(found, agent).items()
    return {
        "counts": {pk: counted_in_words(one) for pk, one in counts_of(found, agent).items()},
        "unread": {pk: counted_in_words(one) for pk, one in unread if one.number},
    }


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Give a question a name."""
    agent = agent_of(request)
    usual = ViewForm.usual(request.GET.get("q", ""))
    form = ViewForm(request.POST or None, agent=agent, initial=usual)
    if not form.is_valid():
        return _asked(request, form, None)
    return redirect("desk:saved-view", save_view(form.settings(), by=agent).pk)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a view be called, ask or belong otherwise."""
    agent = agent_of(request)
    view = view_for(agent, pk)
    form = ViewForm(request.POST or None, agent=agent, initial=_as_it_is(view))
    if not form.is_valid():
        return _asked(request, form, view)
    change_view(view, form.settings(), by=agent)
    return redirect("desk:saved-view", view.pk)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    agent = agent_of(request)
    remove_view(view_for(agent, pk), by=agent)
    return redirect("desk:views")


@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Put the list in order: all numbers, and perhaps one that moves up or down."""
    agent: Agent = agent_of(request)
    pks = [int(pk) for pk in request.POST.getlist("view") if pk.isdecimal() and len(pk) < 12]
    order_views(_moved(pks, request.POST.get("move", "")), by=agent)
    if wants_part(request, "view-order"):
        return HttpResponse(status=204)
    return redirect("desk:views")


def _moved(pks: list[int], move: str) -> list[int]:
    """`up:7` and `down:7` change places with the neighbour."""
    way, _, number = move.partition(":")
    is_number = number.isdecimal() and len(number) < 12
    if way not in ("up", "down") or not is_number or int(number) not in pks:
        return pks
    here = pks.index(int(number))
    there = max(0, min(len(pks) - 1, here + (1 if way == "down" else -1)))
    pks[here], pks[there] = pks[there], pks[here]
    return pks


def _as_it_is(view: SavedView) -> dict[str, object]:
    fields = ("name", "query", "order", "audience", "team", "columns")
    return {field: getattr(view, field) for field in fields}


def _asked(request: HttpRequest, form: ViewForm, view: SavedView | None) -> HttpResponse:
    may = view is None or may_change(view, form.agent)
    context = {"form": form, "saved": view, "may_change": may}
    return page(request, "desk/view.html", context, status=422 if form.errors else 200)
