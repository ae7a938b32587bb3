"""A mailbox's health: what was tried, what its servers say, and what its domain's records mean."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.channels.queries import inbox_for
from makegood.kit.errors import Refused
from makegood.office.forms.tokens import Token
from makegood.office.forms.watching import Range
from makegood.office.http import agent_of
from makegood.office.mailboxes import mailbox_for
from makegood.office.showing import form_page, office_page
from makegood.office.strips import health_of
from makegood.office.views.consenting import ask_provider
from makegood.team.gates import needs, proves
from makegood.watch.actions import (
    look_again,
    read_range_again,
    send_probe_soon,
    switch_probes,
)
from makegood.watch.tokens import connect_tokens


@needs("office.troubles")
@require_safe
def mailbox_health(request: HttpRequest, pk: int) -> HttpResponse:
    """How one inbox fares, without asking anybody now."""
    inbox = inbox_for(agent_of(request), pk)
    context = {"inbox": inbox, "form": Range(), **health_of(inbox)}
    return office_page(request, "inbox_health", context)


@needs("office.troubles")
@require_POST
def test_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test message to every address of the inbox."""
    owner = agent_of(request)
    try:
        send_probe_soon(inbox_for(owner, pk), by=owner)
        messages.success(request, _("The test message leaves in a moment."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("office:inbox_health", pk)


@needs("office.troubles")
@require_POST
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the servers and the name service again."""
    owner = agent_of(request)
    look_again(inbox_for(owner, pk), by=owner)
    messages.success(request, _("We look again; it shows here in a moment."))
    return redirect("office:inbox_health", pk)


@needs("office.troubles")
@require_POST
def switching(request: HttpRequest, pk: int) -> HttpResponse:
    """Daily test messages on or off."""
    owner = agent_of(request)
    switch_probes(inbox_for(owner, pk), is_on=request.POST.get("is_on") == "yes", by=owner)
    return redirect("office:inbox_health", pk)


@needs("office.troubles")
@require_POST
def range_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Fetch some mails of the server's folder once more."""
    owner = agent_of(request)
    inbox, form = inbox_for(owner, pk), Range(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the first and the last number of the mails."))
        return redirect("office:inbox_health", pk)
    read_range_again(inbox, form.cleaned_data["first"], form.cleaned_data["last"], by=owner)
    messages.success(request, _("They are fetched again; what we have is not doubled."))
    return redirect("office:inbox_health", pk)


@needs("office.inboxes")
@proves()
@require_http_methods(["GET", "POST"])
def token(request: HttpRequest, pk: int) -> HttpResponse:
    """Tokens that are renewed here, from what the provider gave once."""
    owner = agent_of(request)
    inbox, form = mailbox_for(owner, pk), Token(request.POST or None)
    if form.is_valid() and form.wants_consent:
        return ask_provider(request, inbox, form)
    if form.is_valid():
        try:
            connect_tokens(inbox, form.grant(), by=owner)
            messages.success(request, _("The provider gave a token. It is renewed from now on."))
            return redirect("office:inbox_health", pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return form_page(request, "token", form, {"inbox": inbox})
