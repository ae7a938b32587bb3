"""Saved replies: everybody's and the teams' by whoever sets up, one's own by oneself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.acts.filling import FIELDS
from makegood.kit.errors import Refused
from makegood.macros.actions import remove_reply, save_reply
from makegood.macros.queries import imports, may_change, replies_shown_to, reply_to_change
from makegood.office.forms.kept import SaveReply
from makegood.office.http import agent_of
from makegood.office.showing import form_page, office_page


@require_safe
def replies(request: HttpRequest) -> HttpResponse:
    """What can be put into an answer."""
    agent = agent_of(request)
    found = [(one, may_change(agent, one)) for one in replies_shown_to(agent)]
    context = {"replies": found, "imports": imports("replies"), "agent": agent}
    return office_page(request, "replies", context)


@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """One saved reply, or a new one."""
    agent = agent_of(request)
    found = reply_to_change(agent, pk) if pk else None
    form = SaveReply(request.POST or None, thing=found, by=agent)
    if form.is_valid():
        try:
            save_reply(found, form.wish(), by=agent)
            return redirect("office:replies")
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"reply": found, "known": FIELDS.values(), "agent": agent}
    return form_page(request, "reply", form, context)


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw one away."""
    agent = agent_of(request)
    remove_reply(reply_to_change(agent, pk), by=agent)
    messages.success(request, _("Removed."))
    return redirect("office:replies")
