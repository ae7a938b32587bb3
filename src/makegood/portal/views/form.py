"""The contact form, alone and inside the shop's own pages. It needs no cookie and no script."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from makegood.channels.models import Inbox
from makegood.channels.queries import inbox_for_form, shop_name
from makegood.files.room import NoRoom
from makegood.kit.jinja import page
from makegood.kit.middleware import CSP
from makegood.portal.actions import TooMuch, submit_form
from makegood.portal.embedding import allowed_origins
from makegood.portal.forms import WriteForm
from makegood.portal.queries import is_somebody_here, receipt_for, who_is_there
from makegood.portal.reading import written_in
from makegood.promises.foretelling import promised_by_form
from makegood.waits.telling import line_for_form


@csrf_exempt  # the form's own signed word stands in: inside a frame there are no cookies
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, public_id: str) -> HttpResponse:
    """The form as a page of its own."""
    return _write(request, inbox_for_form(public_id), is_embedded=False)


@csrf_exempt  # see above
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def embedded(request: HttpRequest, public_id: str) -> HttpResponse:
    """The form inside one of the shop's own pages: only those may frame it."""
    inbox = inbox_for_form(public_id)
    return _framed(_write(request, inbox, is_embedded=True), inbox)


@login_not_required
@require_safe
def sent(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """We have it: what was sent, to whoever sent it, for an hour."""
    return _sent(request, inbox_for_form(public_id), key, is_embedded=False)


@login_not_required
@require_safe
def sent_embedded(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    inbox = inbox_for_form(public_id)
    return _framed(_sent(request, inbox, key, is_embedded=True), inbox)


def _write(request: HttpRequest, inbox: Inbox, *, is_embedded: bool) -> HttpResponse:
    asked: dict[str, Any] = {"purpose": inbox.public_id, "limits": inbox.limits}
    if request.method != "POST":
        return _form(request, inbox, WriteForm(**asked), is_embedded)
    form = WriteForm(request.POST, request.FILES, **asked)
    if not form.is_valid():
        return _form(request, inbox, form, is_embedded, status=422)
    written = written_in(form, request)
    try:
        submit_form(inbox, written)
    except (TooMuch, NoRoom) as refusal:
        form.add_error(None, str(refusal))
        return _form(request, inbox, form, is_embedded, status=refusal.status)
    name = "portal:sent-in" if is_embedded else "portal:sent"
    return redirect(name, inbox.public_id, written.key)


def _form(
    request: HttpRequest, inbox: Inbox, form: WriteForm, is_embedded: bool, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    there = who_is_there(inbox, now)
    context = {
        "form": form,
        "shop_name": shop_name(inbox),
        "is_embedded": is_embedded,
        "somebody": there,
        "is_here": there is not None and there.is_open and is_somebody_here(inbox, now),
        "expected": _expected(inbox),
    }
    return page(request, "portal/write.html", context, status=status)


def _expected(inbox: Inbox) -> str:
    """How long an answer takes; where nothing is known of that yet, what is promised."""
    if inbox.settings.get("hides_waits"):
        return ""
    return line_for_form(inbox) or promised_by_form()


def _sent(request: HttpRequest, inbox: Inbox, key: str, *, is_embedded: bool) -> HttpResponse:
    context = {
        "receipt": receipt_for(inbox, key),
        "shop_name": shop_name(inbox),
        "can_follow": inbox.mail_inbox_id is not None,
        "is_embedded": is_embedded,
    }
    return page(request, "portal/sent.html", context)


def _framed(response: HttpResponse, inbox: Inbox) -> HttpResponse:
    """Let the pages that the shop named, and no others, hold this one in a frame."""
    origins = " ".join(allowed_origins(inbox)) or "'none'"
    response.headers["Content-Security-Policy"] = CSP.replace(
        "frame-ancestors 'none'", f"frame-ancestors {origins}"
    )
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
