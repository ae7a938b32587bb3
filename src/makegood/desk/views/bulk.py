"""Acts on many conversations: asked in the list, followed on a page, stopped, undone."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.acts.rests import rest_times
from makegood.acts.vocabulary import ACTS, told
from makegood.bulk.actions import act_on_chosen, begin_bulk, stop_bulk, try_on_matching, undo_bulk
from makegood.bulk.models import BulkAct
from makegood.bulk.queries import bulk_acts_of, bulk_for, causes_of, foreseen, sample_of
from makegood.conversations.finding import VIEWS
from makegood.conversations.queries import tag_names
from makegood.desk.asking import agent_of, wants_part
from makegood.desk.bulk_forms import BulkForm
from makegood.desk.showing import ShownView, view_asked
from makegood.kit.jinja import page
from makegood.team.gates import allows


@allows("bulk")
@require_http_methods(["GET", "POST"])
def bulk(request: HttpRequest) -> HttpResponse:
    """Do it with what is chosen; or ask what goes with it; or show what was done before."""
    agent = agent_of(request)
    if request.method != "POST":
        return page(request, "desk/bulk_acts.html", {"acts": bulk_acts_of(agent), "known": ACTS})
    view = view_asked(request, agent)
    form = BulkForm(request.POST)
    if not form.is_complete():
        return _asked(request, form, view)
    if form.cleaned_data["all"]:
        question = view.query or VIEWS[view.name].question
        return _to(try_on_matching({"q": question}, form.kept, by=agent))
    done = act_on_chosen(form.numbers, form.kept, by=agent)
    return redirect(view.told(done.pk)) if done.state == BulkAct.State.DONE else _to(done)


def _asked(request: HttpRequest, form: BulkForm, view: ShownView) -> HttpResponse:
    """What an act needs besides the conversations: to whom, which words, until when."""
    context: dict[str, Any] = {"form": form, "view": view, "act": form.act}
    context |= {"times": rest_times(timezone.now(), agent_of(request)), "known": tag_names()}
    return page(request, "desk/bulk_asked.html", context, status=422 if form.errors else 200)


def _to(bulk: BulkAct) -> HttpResponse:
    return redirect("desk:bulk-act", bulk.pk)


@require_safe
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """What it would do, how far it is, what was refused and why."""
    bulk = bulk_for(agent_of(request), pk)
    context = {"bulk": bulk, "act": ACTS[bulk.verb], "foreseen": foreseen(bulk)}
    context |= {"told": told(bulk.act), "causes": causes_of(bulk), "sample": sample_of(bulk)}
    is_part = wants_part(request, "bulk")
    return page(request, "desk/_bulk.html" if is_part else "desk/bulk.html", context)


@allows("bulk")
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    agent = agent_of(request)
    bulk = bulk_for(agent, pk)
    begin_bulk(bulk, by=agent)
    return _to(bulk)


@allows("bulk")
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    agent = agent_of(request)
    bulk = bulk_for(agent, pk)
    stop_bulk(bulk, by=agent)
    return _to(bulk)


@allows("bulk")
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Let them be as before; a few at once, back in the list that one came from."""
    agent = agent_of(request)
    undone = undo_bulk(bulk_for(agent, pk), by=agent)
    if "view" in request.GET or "q" in request.GET:
        return redirect(view_asked(request, agent).told(undone.pk))
    return _to(undone)
