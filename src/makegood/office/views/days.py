"""Days out of a calendar file: a look at each, taking them in, and the way back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from makegood.calendars.bringing import Brought, leave_days, look_into_file, take_days
from makegood.calendars.queries import calendar_numbered
from makegood.kit.errors import Refused
from makegood.office.forms.days import BringDays, TakeDays
from makegood.office.http import agent_of
from makegood.office.showing import form_page, office_page
from makegood.team.gates import needs

TAKEN = "days_taken"


@needs("office.teams")
@require_http_methods(["GET", "POST"])
def calendar_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a file; then see what it would close."""
    found = calendar_numbered(pk)
    form = BringDays(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            look = look_into_file(form.content(), found, timezone.now())
            told = {"calendar": found, "look": look, "form": TakeDays(lines=look.lines)}
            return office_page(request, "calendar_look", told)
        except Refused as refused:
            form.add_error(None, str(refused))
    return form_page(request, "calendar_file", form, {"calendar": found})


@needs("office.teams")
@require_POST
def taking(request: HttpRequest, pk: int) -> HttpResponse:
    """Close what is ticked."""
    found = calendar_numbered(pk)
    form = TakeDays(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was chosen, so nothing was taken in."))
        return redirect("office:calendar_file", pk)
    taken = take_days(found, form.cleaned_data["lines"], by=agent_of(request))
    request.session[TAKEN] = {"calendar": pk, "lines": [line.value for line in taken]}
    count = len(taken)
    words = ngettext("%(n)s line was taken in.", "%(n)s lines were taken in.", count)
    messages.success(request, words % {"n": count})
    return redirect("office:calendar", pk)


@needs("office.teams")
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Open again what was closed a moment ago."""
    found = calendar_numbered(pk)
    kept = request.session.pop(TAKEN, {})
    if kept.get("calendar") == pk:
        lines = [Brought.read(value) for value in kept["lines"]]
        leave_days(found, lines, by=agent_of(request))
        messages.success(request, _("Taken back."))
    return redirect("office:calendar", pk)


def to_take_back(request: HttpRequest, pk: int) -> int:
    """How many lines of a file can be taken back from these hours."""
    kept = request.session.get(TAKEN) or {}
    return len(kept["lines"]) if kept.get("calendar") == pk else 0
