from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.chat.barring import network_blocks_now
from makegood.customers.blocking import block_numbered, blocks_now, unblock
from makegood.fields.actions import archive_field, next_place, restore_field, save_field
from makegood.fields.queries import all_fields, field_numbered
from makegood.kit.errors import Refused
from makegood.office.forms.fields import SaveField, shown
from makegood.office.http import agent_of
from makegood.office.showing import form_page, office_page
from makegood.team.gates import needs


@needs("office.fields")
@require_safe
def fields(request: HttpRequest) -> HttpResponse:
    """What the shop wants to know besides."""
    return office_page(request, "fields", {"fields": all_fields()})


@needs("office.fields")
@require_http_methods(["GET", "POST"])
def field(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """One field, or a new one."""
    owner = agent_of(request)
    found = field_numbered(pk) if pk else None
    now = shown(found, next_place("customer"))
    form = SaveField(request.POST or None, initial=now, is_settled=found is not None)
    if form.is_valid():
        try:
            save_field(found, form.wish(), by=owner)
            return redirect("office:fields")
        except Refused as refused:
            form.add_error(None, str(refused))
    return form_page(request, "field", form, {"field": found})


@needs("office.fields")
@require_POST
def archiving(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for it no more; what it said is kept."""
    owner = agent_of(request)
    archive_field(field_numbered(pk), by=owner)
    return redirect("office:fields")


@needs("office.fields")
@require_POST
def restoring(request: HttpRequest, pk: int) -> HttpResponse:
    owner = agent_of(request)
    restore_field(field_numbered(pk), by=owner)
    return redirect("office:fields")


@needs("office.blocked")
@require_safe
def blocked(request: HttpRequest) -> HttpResponse:
    """Whom the desk does not hear, and how much was set aside."""
    now = timezone.now()
    context = {"blocks": blocks_now(now), "networks": network_blocks_now(now)}
    return office_page(request, "blocked", context)


@needs("office.blocked")
@require_POST
def lifting(request: HttpRequest, pk: int) -> HttpResponse:
    """Hear them again."""
    waiting = unblock(block_numbered(pk), by=agent_of(request))
    messages.success(request, _("What was set aside comes in now: %(n)s.") % {"n": waiting})
    return redirect("office:blocked")
