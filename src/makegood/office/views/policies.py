"""How soon we promise what: policies in their order, one of them, its drafts and previews."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.office.forms.policies import SavePolicy
from makegood.office.http import agent_of
from makegood.office.ordering import ordered
from makegood.office.showing import form_page, office_page
from makegood.promises.policies import (
    delete_draft,
    draft_policy,
    order_policies,
    publish_policy,
    switch_policy,
)
from makegood.promises.policy_pages import all_policies, face_of, policy_numbered
from makegood.promises.preview_pages import has_changed, totals
from makegood.promises.previewing import ask_for_preview, preview_numbered
from makegood.team.gates import needs


@needs("office.policies")
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """Every policy in the order in which they are asked."""
    return office_page(request, "policies", {"faces": all_policies()})


@needs("office.policies")
@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Put them in order: all numbers, and perhaps one that moves up or down."""
    order_policies(ordered(request.POST, "policy"), by=agent_of(request))
    if request.headers.get("HX-Target") == "policy-order":
        return HttpResponse(status=204)
    return redirect("office:policies")


@needs("office.policies")
@require_http_methods(["GET", "POST"])
def policy(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """One policy, or a new one: how it reads, how it is to read, and how it read before."""
    found = policy_numbered(pk) if pk else None
    face = face_of(found) if found else None
    version = (face.draft or face.version) if face else None
    form = SavePolicy(request.POST or None, name=found.name if found else "", version=version)
    if form.is_valid():
        try:
            drafted = draft_policy(found, form.wish(), by=agent_of(request))
            return redirect("office:policy", drafted.policy_id)
        except Refused as refused:
            form.add_error(None, str(refused))
    return form_page(request, "policy", form, {"policy": found, "face": face})


@needs("office.policies")
@require_POST
def publishing(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        publish_policy(policy_numbered(pk), by=agent_of(request))
        messages.success(request, _("Published: what is promised from now on follows it."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("office:policy", pk)


@needs("office.policies")
@require_POST
def switching(request: HttpRequest, pk: int) -> HttpResponse:
    is_on = request.POST.get("is_on") == "yes"
    switch_policy(policy_numbered(pk), is_on=is_on, by=agent_of(request))
    return redirect("office:policy", pk)


@needs("office.policies")
@require_POST
def draft_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away; a policy that was never published goes with it."""
    is_gone = delete_draft(policy_numbered(pk), by=agent_of(request))
    return redirect("office:policies") if is_gone else redirect("office:policy", pk)


@needs("office.policies")
@require_POST
def previewing(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin to look at what the draft would have done."""
    try:
        made = ask_for_preview(policy_numbered(pk), by=agent_of(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("office:policy", pk)
    return redirect("office:policy_preview", made.pk)


@needs("office.policies")
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the draft would have done to the last month, as far as it was looked at."""
    found = preview_numbered(pk)
    context = {"preview": found, "totals": totals(found), "has_changed": has_changed(found)}
    if request.headers.get("HX-Target") == "preview":
        return page(request, "office/_policy_preview.html", context)
    return office_page(request, "policy_preview", context)
