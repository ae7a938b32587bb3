from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from makegood.channels.email.guessing import Guess
from makegood.channels.queries import all_inboxes, inbox_for
from makegood.kit.errors import Refused
from makegood.office.forms.inboxes import Face, face_of
from makegood.office.forms.mailbox import Forwarding, Mailbox, Sending, WhichAddress
from makegood.office.http import agent_of
from makegood.office.mailboxes import (
    Trial,
    as_typed,
    begin_mailbox,
    change_servers,
    first_values,
    guessed,
    mailbox_for,
    open_inbox,
    secrets_of,
    trials,
)
from makegood.office.showing import form_page
from makegood.team.gates import needs, proves


@needs("office.inboxes")
@require_http_methods(["GET", "POST"])
def new_mailbox(request: HttpRequest) -> HttpResponse:
    """The servers of a mailbox: guessed, corrected where needed, and tried for real."""
    which = WhichAddress(request.GET)
    if not which.is_valid():
        return form_page(request, "connect", which, {"inboxes": all_inboxes()})
    address = which.cleaned_data["address"].lower()
    found = guessed(address)
    form = Mailbox(request.POST or None, initial=first_values(found))
    return _tried(request, form, "new_mailbox", address, found)


@needs("office.inboxes")
@require_http_methods(["GET", "POST"])
def new_forwarding(request: HttpRequest) -> HttpResponse:
    """Mail that another server hands to our listener; answers leave by that server too."""
    form = Forwarding(request.POST or None, initial={"auth": "password", "smtp_port": 587})
    address = form.cleaned_data["address"].lower() if form.is_valid() else ""
    return _tried(request, form, "new_forwarding", address)


def _tried(
    request: HttpRequest,
    form: Mailbox | Forwarding,
    name: str,
    address: str,
    guess: Guess | None = None,
) -> HttpResponse:
    """Try what was typed; what works becomes an inbox that still rests until it has a name."""
    context: dict[str, Any] = {"address": address, "guess": guess}
    context["listens"] = settings.SMTP_LISTEN
    if form.is_valid():
        wanted, secrets = form.settings({}), form.secrets()
        context["trials"] = trials(wanted, secrets, address)
        if works(request, context["trials"]):
            try:
                made = begin_mailbox(address, wanted, secrets, by=agent_of(request))
                return redirect("office:naming", made.pk)
            except Refused as refused:
                form.add_error(None, str(refused))
        else:
            form.add_error(None, _("Not connected yet: see below what the server said."))
    return form_page(request, name, form, context)


@needs("office.inboxes")
@require_http_methods(["GET", "POST"])
def naming(request: HttpRequest, pk: int) -> HttpResponse:
    """The last step: what it is called, and who sees it. Then mail comes in."""
    owner = agent_of(request)
    inbox = inbox_for(owner, pk)
    form = Face(request.POST or None, initial=face_of(inbox))
    if form.is_valid():
        teams = form.cleaned_data["teams"]
        open_inbox(inbox, form.wanted(inbox), teams, by=owner)
        messages.success(request, _("Connected. What comes in from now on stands in the inbox."))
        return redirect("office:inbox", pk)
    return form_page(request, "naming", form, {"inbox": inbox})


@needs("office.inboxes")
@proves()
@require_http_methods(["GET", "POST"])
def servers(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a mailbox is fetched and answered from; tried again before it is changed."""
    owner = agent_of(request)
    inbox = mailbox_for(owner, pk)
    asked = Mailbox if "imap" in inbox.settings else Sending
    form = asked(request.POST or None, initial=as_typed(inbox))
    context: dict[str, Any] = {"inbox": inbox}
    if form.is_valid():
        wanted, secrets = form.settings(inbox.settings), form.secrets()
        context["trials"] = trials(wanted, {**secrets_of(inbox), **secrets}, inbox.address)
        if works(request, context["trials"]):
            change_servers(inbox, wanted, secrets, by=owner)
            return redirect("office:inbox", pk)
        form.add_error(None, _("Not saved yet: see below what the server said."))
    return form_page(request, "servers", form, context)


def works(request: HttpRequest, tried: Sequence[Trial]) -> bool:
    """Whether everything worked, or the owner wants it although it did not."""
    return "anyway" in request.POST or all(trial.is_kept for trial in tried)
