"""Roles: the three that every shop has, and those of the shop's own."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.kit.errors import Refused
from makegood.office.forms.roles import SaveRole, WaitsForYes
from makegood.office.http import agent_of
from makegood.office.showing import form_page, office_page
from makegood.sending.rules import set_whose_answers_wait, whose_answers_wait
from makegood.team.gates import needs, proves
from makegood.team.models import OwnRole
from makegood.team.queries import explained, role_for, shown_role, shown_roles
from makegood.team.roles import remove_role, save_role


@needs("office.roles")
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Every role: what it lets somebody do, and who has it."""
    found = [(one, explained(one.permissions)) for one in shown_roles()]
    return office_page(request, "roles", {"roles": found})


@needs("office.roles")
@proves("POST", resumes=True)
@require_http_methods(["GET", "POST"])
def role(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """One role of the shop's own, or a new one, perhaps as a copy of another."""
    agent = agent_of(request)
    found = role_for(agent, pk) if pk else None
    now = _shown(found) if found else _copied(request.GET.get("copy", ""))
    form = SaveRole(request.POST or None, by=agent, initial=now)
    if form.is_valid():
        try:
            save_role(found, **form.cleaned_data, by=agent)
            messages.success(request, _("Saved."))
            return redirect("office:roles")
        except Refused as refused:
            form.add_error(None, str(refused))
    return form_page(request, "role", form, {"role": found})


def _shown(role: OwnRole) -> dict[str, Any]:
    return {"name": role.name, "words": role.words, "permissions": role.permissions}


def _copied(word: str) -> dict[str, Any]:
    """What a new role begins with: nothing, or what another may do."""
    if not word:
        return {}
    original = shown_role(word)
    name = _("%(name)s (copy)") % {"name": original.name}
    return {"name": name, "words": "", "permissions": sorted(original.permissions)}


@needs("office.roles")
@proves(resumes=True)
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a role away that nobody has."""
    agent = agent_of(request)
    remove_role(role_for(agent, pk), by=agent)
    messages.success(request, _("Removed."))
    return redirect("office:roles")


@needs("office.settings")
@require_http_methods(["GET", "POST"])
def approval(request: HttpRequest) -> HttpResponse:
    """Whose answers somebody reads before they leave."""
    now = vars(whose_answers_wait())
    typed = request.POST if request.method == "POST" else None  # nobody ticked is an answer, too
    form = WaitsForYes(typed, initial=now)
    if form.is_valid():
        set_whose_answers_wait(**form.cleaned_data, by=agent_of(request))
        messages.success(request, _("Saved."))
        return redirect("office:approval")
    by_role = [one for one in shown_roles() if "answer.alone" not in one.permissions]
    return form_page(request, "approval", form, {"by_role": by_role})
