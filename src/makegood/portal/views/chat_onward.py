"""Going on from a chat: by mail, on another device, by telephone, with what was said in hand."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.channels.queries import shop_name
from makegood.chat.actions import leave_address
from makegood.chat.calling import ask_for_call, slots_of
from makegood.chat.ending import end_chat, rate_chat
from makegood.chat.models import Visitor
from makegood.chat.passes import pass_of, pass_of_link, use_pass
from makegood.chat.queries import chat_inbox
from makegood.chat.transcripts import mail_transcript
from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.kit.middleware import holds_the_chat
from makegood.portal.budgets import Charge
from makegood.portal.chat import reading
from makegood.portal.chat.doors import Caller, for_pages
from makegood.portal.chat.hearing import admitted, heard
from makegood.portal.chat.pictures import qr_of
from makegood.portal.chat.showing import shown, standing
from makegood.portal.chat.toll import for_a_word, pay
from makegood.portal.queries import chat_about, open_link


def _paid(request: HttpRequest, caller: Caller) -> tuple[Mapping[str, Any], Visitor | None]:
    """What was sent, and by whom. It costs what a word costs: each leaves something behind."""
    if not caller.secret:
        raise reading.NoSecret
    body, known = reading.sent(request), heard(caller)
    charges = for_a_word(caller.inbox, known, caller.network)
    pay(charges, caller.inbox, caller.secret, reading.work(body))
    return body, known


def _known(visitor: Visitor | None) -> Visitor:
    """Whoever wrote from this browser. Raises `Refused` where nobody did."""
    if visitor is None:
        raise Refused(_("Write something first: there is nothing to go on with yet."))
    return visitor


@for_pages("POST")
def email(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    """Send me the answer by mail."""
    body, known = _paid(request, caller)
    address = reading.words_of(body, "email")[:254]
    return JsonResponse({"email": leave_address(_known(known), address)})


@for_pages("POST")
def make_pass(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    """Go on with this chat on another device: an address that opens once, and a picture of it."""
    _body, known = _paid(request, caller)
    token, made = pass_of(_known(known))
    url = f"{settings.URL}{reverse('portal:here', args=[caller.inbox.public_id])}#{token}"
    told = {"url": url, "expires": made.expires_at.isoformat(), "qr": qr_of(url)}
    return JsonResponse(told, status=201)


@for_pages("POST")
def claim(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    """The other device: from now on its own secret opens the chat, too.

    Whoever holds the word was here before: nobody new comes, and no work is asked for it.
    """
    if not caller.secret:
        raise reading.NoSecret
    heard(caller)
    body = reading.sent(request)
    pay([Charge("chat-claims-of-a-network", caller.network)], caller.inbox, caller.secret)
    token = reading.words_of(body, "pass")
    use_pass(caller.inbox, caller.secret, token, language=caller.language)
    return HttpResponse(status=204)


@for_pages("GET", "POST")
def callback(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    """When we may call; and: call me then."""
    if request.method == "POST":
        return _ask_for_call(request, caller)
    slots = slots_of(caller.inbox, timezone.now())
    return JsonResponse({"slots": [{"key": one.key, **one.told()} for one in slots]})


def _ask_for_call(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    body, known = _paid(request, caller)
    call = reading.call(body, caller.network)
    visitor = known or admitted(caller)
    message, promise = ask_for_call(visitor, call)
    told = {"message": shown(message, visitor), "promise": promise.words}
    return JsonResponse(told | {"by": promise.due_at.isoformat()}, status=201)


@for_pages("POST")
def transcript(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    """Mail me what was said."""
    _body, known = _paid(request, caller)
    return JsonResponse({"email": mail_transcript(_known(known))}, status=202)


@for_pages("POST")
def end(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    """That was all: the chat is over, and we are told."""
    _body, known = _paid(request, caller)
    visitor = _known(known)
    end_chat(visitor)
    return JsonResponse(standing(visitor))


@for_pages("POST")
def rating(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    """How it was, and why, if they like."""
    body, known = _paid(request, caller)
    visitor = _known(known)
    rate_chat(visitor, reading.words_of(body, "rating"), reading.words_of(body, "words"))
    return JsonResponse(standing(visitor), status=201)


@login_not_required
@require_safe
def here(request: HttpRequest, public_id: str) -> HttpResponse:
    """A page of ours with the chat in it, for whoever comes with a word after the `#`."""
    inbox = chat_inbox(public_id)
    response = page(request, "portal/here.html", {"inbox": inbox, "shop_name": shop_name(inbox)})
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return holds_the_chat(response)


@login_not_required
@require_POST
def chat_about_this(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever holds a private link takes its conversation into the chat."""
    link = open_link(token)
    chat = chat_about(link)
    opens, _made = pass_of_link(link, chat)
    return redirect(f"{reverse('portal:here', args=[chat.public_id])}#{opens}")
