from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.channels.queries import inboxes_visible_to
from makegood.handover.queries import handover_of
from makegood.kit.errors import Refused
from makegood.office.account_mail import post_invitation
from makegood.office.forms.people import ChangeAgent, Invite, SaveTeam
from makegood.office.http import agent_of
from makegood.office.showing import form_page, office_page
from makegood.team.actions import change_agent, invite_agent, save_team, withdraw_invitation
from makegood.team.gates import needs, proves
from makegood.team.models import Agent
from makegood.team.queries import (
    agent_for,
    all_agents,
    explained,
    invitation_for,
    open_invitations,
    team_for,
    teams_with_agents,
)


@needs("office.agents")
@require_safe
def agents(request: HttpRequest) -> HttpResponse:
    """Everybody who answers, and who is invited to."""
    context = {"agents": all_agents(), "invitations": open_invitations()}
    return office_page(request, "agents", context)


@needs("office.agents")
@proves("POST", resumes=True)
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody. The link is shown once: only its hash is kept."""
    form = Invite(request.POST or None, initial={"role": "agent"})
    if form.is_valid():
        try:
            invitation, token = invite_agent(**form.cleaned_data, by=agent_of(request))
        except Refused as refused:
            form.add_error("email", str(refused))
            return form_page(request, "invite", form)
        link = settings.URL + reverse("office:join", args=[token])
        is_sent = post_invitation(invitation, link)
        context = {"invitation": invitation, "way_in": link, "is_sent": is_sent}
        return office_page(request, "invited", context, status=201)
    return form_page(request, "invite", form)


@needs("office.agents")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    owner = agent_of(request)
    withdraw_invitation(invitation_for(owner, pk), by=owner)
    messages.success(request, _("The invitation was withdrawn; its link no longer works."))
    return redirect("office:agents")


@needs("office.agents")
@proves("POST", resumes=True)
@require_http_methods(["GET", "POST"])
def agent(request: HttpRequest, pk: int) -> HttpResponse:
    """What one agent may do."""
    owner = agent_of(request)
    found = agent_for(owner, pk)
    now = {"role": found.role_word, "teams": found.teams.all()}
    form = ChangeAgent(request.POST or None, initial=now)
    if form.is_valid():
        try:
            change_agent(found, **form.cleaned_data, by=owner)
            messages.success(request, _("Saved."))
            return redirect("office:agents")
        except Refused as refused:
            form.add_error("role", str(refused))
    return form_page(request, "agent", form, _told(found))


def _told(agent: Agent) -> dict[str, Any]:
    """What an agent may see and do, for the page about them."""
    may = explained(agent.permissions())
    told = {"agent": agent, "explained": may, "inboxes": inboxes_visible_to(agent)}
    return told | {"handover": None if agent.is_active else handover_of(agent)}


@needs("office.teams")
@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """Agents who share a queue."""
    return office_page(request, "teams", {"teams": teams_with_agents()})


@needs("office.teams")
@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """One team, or a new one."""
    owner = agent_of(request)
    found = team_for(owner, pk) if pk else None
    now = {"name": found.name, "agents": found.agents.all()} if found else {}
    form = SaveTeam(request.POST or None, initial=now)
    if form.is_valid():
        try:
            save_team(found, **form.cleaned_data, by=owner)
            return redirect("office:teams")
        except Refused as refused:
            form.add_error("name", str(refused))
    return form_page(request, "team", form, {"team": found})
