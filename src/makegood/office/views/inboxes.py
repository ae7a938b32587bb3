from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.automatic.actions import allow_automatic_mail
from makegood.automatic.queries import machine_writing_of
from makegood.channels.connecting import change_inbox, connect_inbox, pause_inbox
from makegood.channels.models import Inbox
from makegood.channels.queries import all_inboxes, inbox_for
from makegood.chat.going_on import minutes_until_mail
from makegood.chat.inviting import fared
from makegood.kit.errors import Refused
from makegood.kit.middleware import holds_the_chat
from makegood.office.embedding import form_address, snippet
from makegood.office.forms.chat import ChatForm, chat_face_of
from makegood.office.forms.inboxes import ContactForm, Face, Mailbox, face_of
from makegood.office.forms.mailbox import WhichAddress
from makegood.office.http import agent_of
from makegood.office.showing import form_page, office_page
from makegood.team.gates import needs


@needs("office.inboxes")
@require_safe
def inboxes(request: HttpRequest) -> HttpResponse:
    """Every way in, and how it fares."""
    return office_page(request, "inboxes", {"inboxes": all_inboxes()})


@needs("office.inboxes")
@require_safe
def connect(request: HttpRequest) -> HttpResponse:
    """Where connecting begins: which kind of way in."""
    context = {"form": WhichAddress(), "inboxes": all_inboxes()}
    return office_page(request, "connect", context)


@needs("office.inboxes")
@require_http_methods(["GET", "POST"])
def inbox(request: HttpRequest, pk: int) -> HttpResponse:
    """One way in: how it fares, and how it appears."""
    owner = agent_of(request)
    found = inbox_for(owner, pk)
    form = _form_about(found, request)
    if form.is_valid():
        teams = form.cleaned_data["teams"]
        try:
            change_inbox(found, form.wanted(found), teams=teams, by=owner)
            messages.success(request, _("Saved."))
            return redirect("office:inbox", pk)
        except Refused as refused:
            form.add_error("teams", str(refused))
    shown = form_page(request, "inbox", form, _about(found))
    return holds_the_chat(shown) if found.kind == "chat" else shown


def _about(found: Inbox) -> dict[str, Any]:
    """What its page tells beside the form."""
    now = timezone.now()
    context = {"inbox": found, "address": form_address(found), "snippet": snippet(found)}
    context["machines"] = machine_writing_of(found, now)
    return context | ({"fared": fared(found, now)} if found.kind == "chat" else {})


def _form_about(found: Inbox, request: HttpRequest) -> Face:
    asked = {"web": ContactForm, "chat": ChatForm}.get(found.kind, Mailbox)
    face = chat_face_of(found) if found.kind == "chat" else face_of(found)
    return asked(request.POST or None, initial=face)


@needs("office.inboxes")
@require_http_methods(["GET", "POST"])
def new_chat(request: HttpRequest) -> HttpResponse:
    """A chat for the shop's pages."""
    owner, unmade = agent_of(request), Inbox(kind="chat")
    begins = {"name": _("Chat"), "mail_after_minutes": minutes_until_mail(unmade)}
    form = ChatForm(request.POST or None, initial=begins)
    if form.is_valid():
        wanted = form.wanted(unmade)
        made = connect_inbox(wanted, teams=form.cleaned_data["teams"], by=owner)
        return redirect("office:inbox", made.pk)
    return form_page(request, "new_chat", form)


@needs("office.inboxes")
@require_safe
def chat_trial(request: HttpRequest, pk: int) -> HttpResponse:
    """The chat on a page of ours, as it was saved."""
    found = inbox_for(agent_of(request), pk)
    if found.kind != "chat":
        raise Http404
    return holds_the_chat(office_page(request, "chat_trial", {"inbox": found}))


@needs("office.inboxes")
@require_POST
def rest(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop taking in for now."""
    owner = agent_of(request)
    pause_inbox(inbox_for(owner, pk), is_paused=True, by=owner)
    return redirect("office:inbox", pk)


@needs("office.inboxes")
@require_POST
def end_of_rest(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in again."""
    owner = agent_of(request)
    pause_inbox(inbox_for(owner, pk), is_paused=False, by=owner)
    return redirect("office:inbox", pk)


@needs("office.inboxes")
@require_POST
def machines(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the inbox write by itself again, after somebody has looked why it was stopped."""
    owner = agent_of(request)
    allow_automatic_mail(inbox_for(owner, pk), by=owner)
    return redirect("office:inbox", pk)


@needs("office.inboxes")
@require_http_methods(["GET", "POST"])
def new_form(request: HttpRequest) -> HttpResponse:
    """A contact form for the shop's page."""
    owner = agent_of(request)
    form = ContactForm(request.POST or None, initial={"name": _("Contact form")})
    if form.is_valid():
        wanted = form.wanted(Inbox(kind="web"))
        made = connect_inbox(wanted, teams=form.cleaned_data["teams"], by=owner)
        return redirect("office:inbox", made.pk)
    return form_page(request, "new_form", form)
