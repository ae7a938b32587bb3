from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.kit.errors import Refused
from makegood.office.forms.causes import SaveCause
from makegood.office.http import agent_of
from makegood.office.showing import form_page
from makegood.promises.causes import cause_numbered, every_cause, save_cause, switch_cause
from makegood.team.gates import needs


@needs("office.policies")
@require_http_methods(["GET", "POST"])
def causes(request: HttpRequest) -> HttpResponse:
    """Why promises break: the list that everybody chooses from, and a new one."""
    form = SaveCause(request.POST or None)
    if form.is_valid():
        try:
            save_cause(None, form.cleaned_data["name"], by=agent_of(request))
            return redirect("office:causes")
        except Refused as refused:
            form.add_error(None, str(refused))
    return form_page(request, "causes", form, {"causes": every_cause()})


@needs("office.policies")
@require_http_methods(["GET", "POST"])
def cause(request: HttpRequest, pk: int) -> HttpResponse:
    """What one is called."""
    found = cause_numbered(pk)
    form = SaveCause(request.POST or None, initial={"name": str(found)})
    if form.is_valid():
        try:
            save_cause(found, form.cleaned_data["name"], by=agent_of(request))
            return redirect("office:causes")
        except Refused as refused:
            form.add_error(None, str(refused))
    return form_page(request, "cause", form, {"cause": found})


@needs("office.policies")
@require_POST
def switching(request: HttpRequest, pk: int) -> HttpResponse:
    is_on = request.POST.get("is_on") == "yes"
    switch_cause(cause_numbered(pk), is_on=is_on, by=agent_of(request))
    messages.success(request, _("Offered again.") if is_on else _("No longer offered."))
    return redirect("office:causes")
