from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.calendars.actions import delete_calendar, save_calendar
from makegood.calendars.models import Calendar
from makegood.calendars.queries import (
    all_calendars,
    calendar_numbered,
    different_days,
    hours_in,
)
from makegood.calendars.telling import state_of
from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.office.forms.hours import SaveHours, all_zones, shown_hours
from makegood.office.http import agent_of
from makegood.office.showing import form_page, office_page
from makegood.office.views.days import to_take_back
from makegood.promises.models import Recount
from makegood.promises.recount_pages import latest_recount, moved_by, recount_numbered
from makegood.team.gates import needs
from makegood.team.models import Agent


@needs("office.teams")
@require_safe
def hours(request: HttpRequest) -> HttpResponse:
    """When somebody is there."""
    now = timezone.now()
    calendars = [(calendar, state_of(hours_in(calendar), now)) for calendar in all_calendars()]
    return office_page(request, "hours", {"calendars": calendars})


@needs("office.teams")
@require_http_methods(["GET", "POST"])
def calendar(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """Opening hours, or new ones."""
    found = calendar_numbered(pk) if pk else None
    country = found.country if found else ""
    form = SaveHours(request.POST or None, initial=shown_hours(found), country=country)
    if form.is_valid():
        try:
            saved = save_calendar(found, form.wish(), by=agent_of(request))
            messages.success(request, _("Saved."))
            return redirect("office:calendar", saved.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    told = {"calendar": found, "zones": all_zones(), **_state(found, agent_of(request))}
    told["taken"] = to_take_back(request, pk)
    return form_page(request, "calendar", form, told)


def _state(found: Calendar | None, agent: Agent) -> dict[str, Any]:
    """Of hours that are kept: whether somebody is there, which holidays come, what they moved."""
    now = timezone.now()
    if found is None:
        return {}
    free = different_days(found, now, (get_language() or "")[:2])
    moved = _moved(latest_recount(found), agent)
    return {"state": state_of(hours_in(found), now), "free_days": free, **moved}


@needs("office.teams")
@require_POST
def calendar_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Who had these hours has the standard ones."""
    try:
        delete_calendar(calendar_numbered(pk), by=agent_of(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("office:calendar", pk)
    return redirect("office:hours")


@needs("office.teams")
@require_safe
def recount(request: HttpRequest, pk: int) -> HttpResponse:
    """What one change of opening hours did to open promises, as far as it is counted."""
    context = _moved(recount_numbered(pk), agent_of(request))
    if request.headers.get("HX-Target") == "recount":
        return page(request, "office/_recount.html", context)
    return office_page(request, "recount", context)


def _moved(recount: Recount | None, agent: Agent) -> dict[str, Any]:
    return {"recount": recount, "moved": moved_by(recount, agent) if recount else []}
