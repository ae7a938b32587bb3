"""Bringing in people: a file, its columns, a look at every line, then the run and its undo."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.kit.sheets import written
from makegood.office.forms.rolls import BringPeople
from makegood.office.http import agent_of
from makegood.office.showing import form_page, office_page
from makegood.rolls.actions import begin_roll, match_columns, read_roll, stop_roll, undo_roll
from makegood.rolls.columns import columns_for
from makegood.rolls.models import Roll, RollLine
from makegood.rolls.queries import first_lines, lines_page, refused_rows, roll_for, rolls_of
from makegood.team.gates import needs, proves


@needs("office.imports")
@require_http_methods(["GET", "POST"])
def rolls(request: HttpRequest, what: str) -> HttpResponse:
    """The files that were brought, and the place for another."""
    if what not in Roll.What.values:
        raise Http404
    form = BringPeople(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            name = form.cleaned_data["file"].name
            made = read_roll(what, name, form.content(), by=agent_of(request))
            return redirect("office:roll", made.pk)
        except Refused as refused:
            form.add_error("file", str(refused))
    context = {"what": what, "rolls": rolls_of(what), "columns": columns_for(what)}
    return form_page(request, "rolls", form, context)


@needs("office.imports")
@require_http_methods(["GET", "POST"])
def roll(request: HttpRequest, pk: int) -> HttpResponse:
    """One file: which column is what, what will come of each line, how far it is."""
    agent = agent_of(request)
    found = roll_for(agent, pk)
    if request.method == "POST":
        words = [request.POST.get(f"column_{n}", "") for n in range(len(found.header))]
        try:
            match_columns(found, words, by=agent)
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("office:roll", pk)
    context = _shown(request, found)
    if request.headers.get("HX-Target") == "roll":
        return page(request, "office/_roll.html", context)
    return office_page(request, "roll", context)


def _shown(request: HttpRequest, found: Roll) -> dict[str, Any]:
    state = request.GET.get("state", "")
    return {
        "roll": found,
        "columns": columns_for(found.what),
        "first": first_lines(found),
        "state": state,
        "states": [(one, found.counts[one.value]) for one in RollLine.State if one in found.counts],
        "lines": lines_page(found, state, request.GET.get("after", "")),
    }


@needs("office.imports")
@proves(resumes=True)
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring it in, in the background."""
    agent = agent_of(request)
    begin_roll(roll_for(agent, pk), by=agent)
    return redirect("office:roll", pk)


@needs("office.imports")
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    agent = agent_of(request)
    stop_roll(roll_for(agent, pk), by=agent)
    return redirect("office:roll", pk)


@needs("office.imports")
@proves(resumes=True)
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out again what nobody changed since."""
    agent = agent_of(request)
    undo_roll(roll_for(agent, pk), by=agent)
    messages.info(request, _("It is being taken back."))
    return redirect("office:roll", pk)


@needs("office.imports")
@require_safe
def refused(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines that were refused, as a file to put right."""
    rows = refused_rows(roll_for(agent_of(request), pk))
    response = HttpResponse(written(rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="refused.csv"'
    return response
