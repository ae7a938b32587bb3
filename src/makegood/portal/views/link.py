"""A customer's own conversation, behind the private link that only their mailbox was given."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from makegood.channels.queries import chat_beside, shop_name
from makegood.conversations.confirming import confirm_address, deny_address, is_confirmed
from makegood.conversations.models import Token
from makegood.conversations.queries import conversation_by_link
from makegood.files.room import NoRoom
from makegood.files.serving import serve
from makegood.kit.jinja import page
from makegood.portal.actions import TooMuch, answer_by_link
from makegood.portal.codes import CodeForm, codes_in
from makegood.portal.forms import AnswerForm
from makegood.portal.letters import files_of, words_for
from makegood.portal.queries import file_behind, is_theirs, open_link, said_with, standing_of
from makegood.portal.reading import written_in
from makegood.promises.told import honest_line
from makegood.waits.telling import line_for_page


@login_not_required
@require_safe
def conversation(request: HttpRequest, token: str) -> HttpResponse:
    """The conversation as its customer sees it; before they confirmed, only the question."""
    link = conversation_by_link(token)
    if not is_theirs(link):
        context = {"token": token, "shop_name": shop_name(link.conversation.inbox), "link": link}
        return _unlisted(page(request, "portal/confirm.html", context))
    return show(request, link, token)


@login_not_required
@require_POST
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The customer says something more."""
    link = open_link(token)
    form = _form(link, request)
    if not form.is_valid():
        return show(request, link, token, form, status=422)
    try:
        answer_by_link(link, written_in(form, request))
    except (TooMuch, NoRoom) as refusal:
        form.add_error(None, str(refusal))
        return show(request, link, token, form, status=refusal.status)
    return redirect("portal:conversation", token)


@login_not_required
@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Yes, this is my address. A press, never a look: programs follow links, too."""
    confirm_address(conversation_by_link(token))
    return redirect("portal:conversation", token)


@login_not_required
@require_POST
def deny(request: HttpRequest, token: str) -> HttpResponse:
    """No, this was not me."""
    link = conversation_by_link(token)
    deny_address(link)
    name = shop_name(link.conversation.inbox)
    return _unlisted(page(request, "portal/denied.html", {"shop_name": name}))


@login_not_required
@require_safe
def file(request: HttpRequest, token: str, pk: int) -> HttpResponseBase:
    """A file of a message that the customer may read."""
    found = file_behind(open_link(token), pk)
    return serve(found.file, found.name)


def _form(link: Token, request: HttpRequest | None = None) -> AnswerForm:
    filled = [request.POST, request.FILES] if request else []
    limits = link.conversation.inbox.limits
    return AnswerForm(*filled, purpose=f"link:{link.pk}", limits=limits)


def show(
    request: HttpRequest,
    link: Token,
    token: str,
    form: AnswerForm | None = None,
    *,
    code_form: CodeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **_asked(link, code_form),
        "token": token,
        "subject": link.conversation.subject if is_confirmed(link) else "",
        "chat": chat_beside(standing_of(link).inbox),
        "messages_": said_with(link),
        "words": partial(words_for, token=token),
        "files_of": files_of,
        "form": form or _form(link),
        "promised": honest_line(link.conversation, timezone.now()),
        "expected": line_for_page(standing_of(link)),
        "shop_name": shop_name(link.conversation.inbox),
    }
    return _unlisted(page(request, "portal/conversation.html", context, status=status))


def _asked(link: Token, code_form: CodeForm | None) -> dict[str, Any]:
    """Whether it was them, and whether an order is theirs."""
    codes = codes_in(standing_of(link))
    return {
        "is_asked": not is_confirmed(link),
        "code_form": code_form or (CodeForm() if codes.waiting else None),
        "is_shown": codes.is_shown,
    }


def _unlisted(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
