"""An agent leaves, or comes back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.handover.actions import close_account, open_account_again
from makegood.handover.queries import heirs_of, what_is_theirs
from makegood.handover.working import hand_over
from makegood.kit.errors import Refused
from makegood.office.forms.people import CloseAccount
from makegood.office.http import agent_of
from makegood.office.showing import form_page
from makegood.team.gates import needs, proves
from makegood.team.queries import agent_for

STEPS_AT_ONCE = 8
"""What moves while somebody waits; the worker goes on with the rest."""


@needs("office.agents")
@proves("POST", resumes=True)
@require_http_methods(["GET", "POST"])
def leaving(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account: first what would move, and to whom."""
    owner = agent_of(request)
    found = agent_for(owner, pk)
    form = CloseAccount(request.POST or None, heirs=heirs_of(found), initial=request.GET.dict())
    is_sure = request.POST.get("sure") == "yes"
    if form.is_valid() and is_sure:
        try:
            hand_over(close_account(found, to=form.heir(), by=owner).pk, steps=STEPS_AT_ONCE)
            messages.success(request, _("The account is closed."))
            return redirect("office:agent", found.pk)
        except Refused as refused:
            form.add_error("to", str(refused))
    to = form.heir() if form.is_bound and form.is_valid() else None
    context = {"agent": found, "theirs": what_is_theirs(found, to), "to": to}
    return form_page(request, "leaving", form, context)


@needs("office.agents")
@proves("POST", resumes=True)
@require_POST
def return_(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed account again."""
    owner = agent_of(request)
    found = agent_for(owner, pk)
    open_account_again(found, by=owner)
    messages.success(request, _("The account is open again. What was handed over stays there."))
    return redirect("office:agent", found.pk)
