from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.office.first_run import make_first_owner
from makegood.office.forms.people import FirstOwner, Joining, Picture, Profile
from makegood.office.http import agent_of
from makegood.portraits.actions import put_portrait, take_down_portrait
from makegood.portraits.queries import portrait_of
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
            messages.success(request, _("Welcome. Sign in with the password that you just chose."))
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
    return _profile(request, form=form)


@require_POST
def picture(request: HttpRequest) -> HttpResponse:
    """How one looks to customers: another picture, or none any more."""
    agent = agent_of(request)
    if request.POST.get("do") == "remove":
        take_down_portrait(agent)
        messages.success(request, _("Your picture is taken down."))
        return redirect("office:profile")
    form = Picture(request.POST, request.FILES)
    if form.is_valid():
        try:
            put_portrait(agent, form.cleaned_data["file"].read())
            messages.success(request, _("Your picture is up."))
            return redirect("office:profile")
        except Refused as refused:
            form.add_error("file", str(refused))
    return _profile(request, picture=form)


def _profile(
    request: HttpRequest, form: Profile | None = None, picture: Picture | None = None
) -> HttpResponse:
    agent = agent_of(request)
    portrait = portrait_of(agent)
    context = {
        "form": form or Profile(instance=agent), "picture": picture or Picture(),
        "face": reverse("portal:face", args=[portrait.word]) if portrait else "",
    }  # fmt: skip
    is_wrong = (form is not None and form.errors) or (picture is not None and picture.errors)
    return page(request, "office/profile.html", context, status=422 if is_wrong else 200)
