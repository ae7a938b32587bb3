"""Words removed for good: chosen, looked for, confirmed; or pointed out and gone by one click."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.conversations.models import Conversation
from makegood.conversations.queries import attachment_for, conversation_for, message_for
from makegood.desk.asking import agent_of, is_htmx
from makegood.desk.redacting import RedactForm, in_words, thing_to_redact
from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.redaction.actions import Wish, foresee, redact, redact_file
from makegood.redaction.queries import conversation_to_redact
from makegood.redaction.spotting import spotted_in
from makegood.team.gates import needs


@needs("redact")
@require_http_methods(["GET", "POST"])
def redaction(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose words, see where they stand, and remove them everywhere for good."""
    agent = agent_of(request)
    conversation = conversation_to_redact(agent, pk)
    ref = str((request.POST if request.method == "POST" else request.GET).get("of", ""))
    form = RedactForm(request.POST or None)
    context: dict[str, Any] = {"conversation": conversation, "form": form}
    context |= {"thing": thing_to_redact(agent, conversation, ref)}
    if not form.is_valid():
        return page(request, "desk/redaction.html", context, 422 if form.errors else 200)
    return _look_or_remove(request, conversation, context)


def _look_or_remove(
    request: HttpRequest, conversation: Conversation, context: dict[str, Any]
) -> HttpResponse:
    wish = context["form"].wish()
    try:
        if request.POST.get("sure") == "yes":
            redact(conversation, wish, by=agent_of(request))
            return _gone(request, conversation)
        stands = foresee(conversation, wish)
        context |= {"stands": in_words(stands), "sealed": stands.sealed}
    except Refused as refused:
        context |= {"trouble": str(refused)}
    return page(request, "desk/redaction.html", context, 422)


@needs("redact")
@require_POST
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a file wherever its content hangs."""
    agent = agent_of(request)
    conversation = conversation_to_redact(agent, pk)
    found = attachment_for(agent, _number(request, "file"))
    redact_file(conversation, found, reason=request.POST.get("reason", ""), by=agent)
    return _gone(request, conversation)


@require_POST
def spotted(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a card or account number that was pointed out."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    message = message_for(agent, _number(request, "message"))
    here = message.text if message.conversation_id == conversation.pk else ""
    hint = request.POST.get("hint", "")
    one = next((one for one in spotted_in(here) if one.hint == hint), None)
    if one is None:
        raise Refused(_("This number is not here any more."))
    redact(conversation, Wish(words=one.words, reason=one.kind, what=one.what), by=agent)
    return _gone(request, conversation)


def _number(request: HttpRequest, name: str) -> int:
    number = request.POST.get(name, "")
    if not number.isdecimal() or len(number) > 15:
        raise Refused(_("Choose what is to go."))
    return int(number)


def _gone(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    messages.success(request, _("Removed for good. That it stood there is kept and proved."))
    address = reverse("desk:conversation", args=[conversation.pk])
    if not is_htmx(request):
        return redirect(address)
    response = HttpResponse(status=204)
    place = {"path": address, "target": "#opened", "swap": "outerHTML"}
    response.headers["HX-Location"] = json.dumps(place)
    return response
