"""What a visitor's browser asks and says: JSON, without cookies, for the shop's pages alone."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from makegood.chat.actions import say
from makegood.chat.barring import write_what_waits
from makegood.chat.identity import forget_who, recognise
from makegood.chat.inviting import count_answer
from makegood.chat.queries import (
    AT_ONCE,
    chat_inbox,
    file_for,
    has_earlier,
    said_to,
    visitor_at,
)
from makegood.chat.reading import see
from makegood.chat.secrets import notice_old_secret, renew_secret
from makegood.chat.uploads import keep_upload
from makegood.files.serving import serve
from makegood.portal.budgets import Charge
from makegood.portal.chat import reading
from makegood.portal.chat.doors import Caller, for_pages
from makegood.portal.chat.greeting import greeting
from makegood.portal.chat.hearing import admitted, heard, is_listened_to
from makegood.portal.chat.rush import LOOKING, NAMING, TELLING
from makegood.portal.chat.showing import NOBODY, shown, standing, visitor_of_pass
from makegood.portal.chat.tokens import read_token, use_up
from makegood.portal.chat.toll import for_a_file, for_a_word, pay


@for_pages("GET")
def hello(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    """What the launcher shows, the same for everybody."""
    response = JsonResponse(greeting(caller.inbox, caller.language))
    response.headers["Cache-Control"] = "public, max-age=30"
    return response


@for_pages("GET", "POST")
def messages(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    """What was said, for whom it was said to; and one thing more."""
    if not caller.secret:
        raise reading.NoSecret
    if request.method == "POST":
        return _say(request, caller)
    LOOKING.refuse(caller.secret)
    visitor = caller.visitor()
    if visitor is None:
        return JsonResponse(NOBODY)
    said = said_to(visitor, after=_number(request, "after"), before=_number(request, "before"))
    is_more = len(said) == AT_ONCE if "after" in request.GET else has_earlier(visitor, said)
    told = {"messages": [shown(one, visitor) for one in said], "is_more": is_more}
    return JsonResponse(standing(visitor) | told)


def _say(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    body, known = reading.sent(request), heard(caller)
    said = reading.said(body, caller.network)
    led_by = reading.led_by(body, caller.language)
    pay(
        for_a_word(caller.inbox, known, caller.network),
        caller.inbox,
        caller.secret,
        reading.work(body),
    )
    visitor = known or admitted(caller)
    message = say(visitor, said)
    if led_by is not None:
        count_answer(led_by, message)
    return JsonResponse({"message": shown(message, visitor)}, status=201)


@for_pages("POST")
def files(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    """A file for a message to come."""
    if not caller.secret:
        raise reading.NoSecret
    content = reading.content(request, caller.inbox.limits.attachment_bytes)
    name, known = request.GET.get("name", ""), heard(caller)
    charges = for_a_file(caller.inbox, known, caller.network, len(content))
    pay(charges, caller.inbox, caller.secret, request.GET.get("work", ""))
    visitor = known or admitted(caller)
    token = keep_upload(
        visitor, name=name, content_type=request.content_type or "", content=content
    )
    return JsonResponse({"token": token, "name": name, "size": len(content)}, status=201)


@login_not_required
@require_safe
def file(request: HttpRequest, public_id: str, pk: int, opens: str) -> HttpResponseBase:
    """A file of a message, for whom its address was given to."""
    visitor = visitor_at(chat_inbox(public_id), visitor_of_pass(pk, opens))
    if visitor is None:
        raise Http404
    found = file_for(visitor, pk)
    response = serve(found.file, found.name, may_show=True)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@for_pages("POST")
def seen(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    """How far they have read, where they are, whether they type."""
    TELLING.refuse(caller.secret)
    visitor = caller.visitor()
    if visitor is None:
        notice_old_secret(caller.inbox, caller.secret)
    elif is_listened_to(caller, visitor):
        see(visitor, reading.seen(reading.sent(request)))
    write_what_waits()
    return HttpResponse(status=204)


@for_pages("POST")
def identity(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    """Who sits there, as the shop signed it; nobody, where they signed out."""
    if not caller.secret:
        raise reading.NoSecret
    NAMING.refuse(caller.secret)
    token, before = reading.token(reading.sent(request)), _signed(caller)
    if not token:
        forget_who(caller.inbox, caller.secret)
        return JsonResponse(_who("", before, ""))
    person, number = read_token(caller.inbox, token)
    pay([Charge("chat-names-of-a-network", caller.network)], caller.inbox, caller.secret)
    use_up(caller.inbox, person, number, heard(caller))
    visitor = recognise(caller.inbox, caller.secret, person, origin=caller.origin)
    return JsonResponse(_who(visitor.handle.customer.name, before, visitor.handle.address))


def _who(name: str, before: str, now: str) -> dict[str, Any]:
    """Who it is; whether that is new, and whether somebody else sat there before by our word."""
    is_new = before != now
    return {
        "name": name, "is_verified": bool(now), "is_new": is_new,
        "is_other": is_new and bool(before),
    }  # fmt: skip


def _signed(caller: Caller) -> str:
    """Who sat at this browser until now by the shop's own word; empty for a stranger."""
    visitor = caller.visitor()
    return visitor.handle.address if visitor is not None and visitor.is_signed() else ""


@for_pages("POST")
def secret(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    """Another secret from now on."""
    NAMING.refuse(caller.secret)
    visitor = caller.visitor()
    if visitor is not None:
        following = reading.following_secret(reading.sent(request))
        pay([Charge("chat-secrets", str(visitor.pk))], caller.inbox, caller.secret)
        renew_secret(visitor, following, instead_of=caller.secret)
    return HttpResponse(status=204)


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
