"""Macros: everybody's and the teams' by whoever sets up, one's own by oneself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.acts.filling import FIELDS
from makegood.acts.vocabulary import ACTS
from makegood.kit.errors import Refused
from makegood.macros.actions import remove_macro, save_macro
from makegood.macros.queries import imports, macro_to_change, macros_shown_to, may_change
from makegood.office.forms.kept import SaveMacro
from makegood.office.http import agent_of
from makegood.office.showing import form_page, office_page


@require_safe
def macros(request: HttpRequest) -> HttpResponse:
    """Several acts as one."""
    agent = agent_of(request)
    found = [
        (
            one,
            [ACTS[act["do"]].label for act in one.acts if act["do"] in ACTS],
            may_change(agent, one),
        )
        for one in macros_shown_to(agent)
    ]
    context = {"macros": found, "imports": imports("macros"), "agent": agent}
    return office_page(request, "macros", context)


@require_http_methods(["GET", "POST"])
def macro(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """One macro, or a new one."""
    agent = agent_of(request)
    found = macro_to_change(agent, pk) if pk else None
    form = SaveMacro(request.POST or None, thing=found, by=agent)
    if form.is_valid():
        try:
            save_macro(found, form.wish(), by=agent)
            return redirect("office:macros")
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"macro": found, "known": FIELDS.values(), "agent": agent}
    return form_page(request, "macro", form, context)


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw one away."""
    agent = agent_of(request)
    remove_macro(macro_to_change(agent, pk), by=agent)
    messages.success(request, _("Removed."))
    return redirect("office:macros")
