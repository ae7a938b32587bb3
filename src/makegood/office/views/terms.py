"""The times that shops state: what is promised of orders by them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.fulfilment.actions import state_terms, switch_terms
from makegood.fulfilment.previewing import preview
from makegood.fulfilment.queries import every_terms, newest_version, terms_numbered
from makegood.kit.errors import Refused
from makegood.office.forms.terms import SaveTerms
from makegood.office.http import agent_of
from makegood.office.showing import form_page, office_page
from makegood.team.gates import needs


@needs("office.policies")
@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """All stated times, in the order in which they are asked."""
    return office_page(request, "terms", {"versions": every_terms()})


@needs("office.policies")
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Say times, or say them otherwise: tried on the last orders first, if one likes."""
    found = terms_numbered(pk) if pk else None
    version = newest_version(found) if found else None
    form = SaveTerms(request.POST or None, version=version)
    context: dict[str, Any] = {"version": version, "tried": None}
    if form.is_valid() and request.POST.get("do") == "try":
        context["tried"] = preview(form.version(), timezone.now())
    elif form.is_valid():
        try:
            state_terms(found, form.wish(), by=agent_of(request))
            messages.success(request, _("From now on it is promised so."))
            return redirect("office:terms")
        except Refused as refused:
            form.add_error(None, str(refused))
    return form_page(request, "one_terms", form, context)


@needs("office.policies")
@require_POST
def switching(request: HttpRequest, pk: int) -> HttpResponse:
    is_on = request.POST.get("is_on") == "yes"
    switch_terms(terms_numbered(pk), is_on=is_on, by=agent_of(request))
    messages.success(request, _("Switched on.") if is_on else _("Switched off."))
    return redirect("office:terms")
