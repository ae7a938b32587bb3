"""First to tell: what is done by each cause, in whose name, how many a day; and stopping it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from makegood.ahead.models import Cause, Sender, Switch
from makegood.ahead.sending import by_itself_lately, why_not
from makegood.ahead.switching import (
    Standing,
    save_sender,
    save_switch,
    sender,
    stop_sending,
    switch_of,
    switches,
)
from makegood.ahead.wording import FIELDS
from makegood.kit.errors import Refused
from makegood.office.forms.ahead import SaveSender, SaveSwitch
from makegood.office.http import agent_of
from makegood.office.showing import form_page
from makegood.team.gates import needs


@needs("office.ahead")
@require_http_methods(["GET", "POST"])
def ahead(request: HttpRequest) -> HttpResponse:
    """Every cause as it is switched, and in whose name letters leave by themselves."""
    held = sender()
    form = SaveSender(request.POST or None, initial={"agent": held.agent, "most": held.most})
    if form.is_valid():
        try:
            said = form.cleaned_data
            save_sender(said["agent"], said["most"], by=agent_of(request))
            messages.success(request, _("Saved."))
            return redirect("office:ahead")
        except Refused as refused:
            form.add_error(None, str(refused))
    return form_page(request, "ahead", form, _standing(held))


def _standing(held: Sender) -> dict[str, Any]:
    now = timezone.now()
    lines = [(one, Switch.Way(one.way).label) for one in switches()]
    sends = any(one.way == Switch.Way.SEND for one, _label in lines)
    return {
        "lines": lines, "sends": sends, "why_not": why_not(held, now) if sends else "",
        "lately": by_itself_lately(now), "most": held.most,
    }  # fmt: skip


@needs("office.ahead")
@require_http_methods(["GET", "POST"])
def cause(request: HttpRequest, cause: str) -> HttpResponse:
    """What is done by one cause, and its standing words."""
    if cause not in Cause.values:
        raise Http404
    found = switch_of(cause)
    form = SaveSwitch(request.POST or None, initial=_typed(found))
    if form.is_valid():
        try:
            save_switch(form.wish(cause), by=agent_of(request))
            messages.success(request, _("Saved."))
            return redirect("office:ahead")
        except Refused as refused:
            form.add_error(None, str(refused))
    return form_page(request, "ahead_cause", form, {"found": found, "fields": FIELDS})


def _typed(found: Standing) -> dict[str, Any]:
    return {
        "way": found.way, "names_day": found.names_day, "amends": found.amends,
        "text_en": found.words("en"), "text_de": found.words("de"),
    }  # fmt: skip


@needs("office.ahead")
@require_POST
def stopping(request: HttpRequest) -> HttpResponse:
    """Nothing leaves by itself from now on."""
    n = stop_sending(by=agent_of(request))
    words = ngettext(
        "Nothing leaves by itself: %(n)s reason is proposed again.",
        "Nothing leaves by itself: %(n)s reasons are proposed again.", n,
    )  # fmt: skip
    messages.success(request, words % {"n": n} if n else _("Nothing left by itself."))
    return redirect("office:ahead")
