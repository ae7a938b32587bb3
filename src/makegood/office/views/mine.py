from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.office.first_run import make_first_owner
from makegood.office.forms.people import FirstOwner, Joining, Profile
from makegood.office.http import agent_of
from makegood.team.actions import accept_invitation, change_profile
from makegood.team.queries import has_agents, invitation_by_token


@login_not_required
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """The first page of a new install; once there is an owner it is gone."""
    if has_agents():
        return redirect("account_login")
    form = FirstOwner(request.POST or None)
    if form.is_valid():
        try:
            make_first_owner(**form.cleaned_data)
            return redirect("account_login")
        except Refused as refused:
            form.add_error("word", str(refused))
    return page(request, "office/set_up.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Where an invitation leads."""
    invitation = invitation_by_token(token)
    form = Joining(request.POST or None, initial={"name": invitation.name})
    if form.is_valid():
        accept_invitation(invitation, **form.cleaned_data)
        messages.success(request, _("Welcome. Sign in with the password that you just chose."))
        return redirect("account_login")
    context = {"form": form, "invitation": invitation}
    return page(request, "office/join.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Who one is to customers, and in which language the desk speaks."""
    agent = agent_of(request)
    form = Profile(request.POST or None, instance=agent)
    if form.is_valid():
        change_profile(agent, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("office:profile")
    return page(request, "office/profile.html", {"form": form}, status=422 if form.errors else 200)
