import time

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from makegood.kit.jinja import page
from makegood.office.http import agent_of
from makegood.office.queries import codes_of
from makegood.team.queries import has_agents

ALWAYS_TAKES = 0.4
"""Seconds that asking for a password takes, whether the address is an agent's or not (T60)."""


@login_not_required
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Signing in; an install without anybody begins with making its owner."""
    if request.method == "GET" and not has_agents():
        return redirect("office:set_up")
    answer: HttpResponseBase = account.login(request)
    return answer


@login_not_required
def ask_for_password(request: HttpRequest) -> HttpResponseBase:
    """The same words in the same time, whoever asks."""
    began = time.monotonic()
    answer: HttpResponseBase = account.password_reset(request)
    if request.method == "POST":
        time.sleep(ALWAYS_TAKES - (time.monotonic() - began) % ALWAYS_TAKES)
    return answer


@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The codes that are left. allauth's own page writes when it is looked at; this does not."""
    kept = codes_of(agent_of(request))
    if kept is None:
        return redirect("mfa_index")
    return page(request, "mfa/recovery_codes/index.html", {"codes": kept})


def too_fast(request: HttpRequest) -> HttpResponse:
    """Too many tries: nothing is lost by waiting."""
    return page(request, "kit/error.html", {"status": 429}, status=429)
