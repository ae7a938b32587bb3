"""Disputes: what has to be answered next, what is claimed, what we send, and how it ended."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.desk.asking import agent_of
from makegood.desk.disputing import all_shown, files_of, page_of
from makegood.disputes.actions import choose_order
from makegood.disputes.answering import (
    SPOKEN,
    choose_evidence,
    goes_by_itself,
    let_go,
    packet_going,
    send_evidence,
    take_up_again,
)
from makegood.disputes.matching import orders_numbered
from makegood.disputes.models import Dispute
from makegood.disputes.queries import dispute_for, ended_disputes, open_disputes, sums_of
from makegood.files import storage
from makegood.files.serving import disposition
from makegood.kit.errors import Refused
from makegood.kit.html import written
from makegood.kit.jinja import page
from makegood.shop.queries import order_for
from makegood.team.gates import needs
from makegood.team.models import Agent

MOST_BYTES = 60 * 1024 * 1024
STYLE = "desk/packet.css"


@needs("disputes.see")
@require_safe
def disputes(request: HttpRequest) -> HttpResponse:
    """What is open, the next due first; then how it ended, and what that came to."""
    agent, now = agent_of(request), timezone.now()
    ended = ended_disputes(agent, request.GET.get("after", ""))
    context = {
        "open": all_shown(open_disputes(agent), now),
        "ended": all_shown(ended.rows, now),
        "next": ended.next,
        "is_further": "after" in request.GET,
        "sums": sums_of(agent, now),
    }
    return page(request, "desk/disputes.html", context)


@needs("disputes.see")
@require_safe
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """What is claimed, until when, what speaks for us, and what became of it."""
    agent = agent_of(request)
    found = dispute_for(agent, pk)
    context = page_of(found, agent, timezone.now())
    number = request.GET.get("number", found.order_number)
    if found.order_id is None:
        context |= {"number": number, "orders": orders_numbered(number)}
    return page(request, "desk/dispute.html", context)


@needs("disputes.answer")
@require_POST
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which pieces go, and what we say ourselves."""
    picked = request.POST.getlist("piece")[:500]
    statement = request.POST.get("statement", "")
    found = dispute_for(agent_of(request), pk)

    def choose() -> None:
        choose_evidence(found, picked, statement, by=agent_of(request))

    is_kept = _said(request, choose)
    leads_on = is_kept and request.POST.get("then") == "send"
    return redirect("desk:dispute-sending" if leads_on else "desk:dispute", pk)


@needs("disputes.answer")
@require_http_methods(["GET", "POST"])
def sending(request: HttpRequest, pk: int) -> HttpResponse:
    """The packet as it will read there, confirmed once more before it goes."""
    agent = agent_of(request)
    found = dispute_for(agent, pk)
    if request.method == "POST":
        return redirect("desk:dispute" if _sent(request, found) else "desk:dispute-sending", pk)
    context = _going(found, agent) | {"goes_by_itself": goes_by_itself(found)}
    with override(SPOKEN):
        reads = page(request, "desk/_packet.html", context).content.decode()
    return page(request, "desk/dispute_sending.html", context | {"reads": written(reads)})


def _sent(request: HttpRequest, dispute: Dispute) -> bool:
    is_by_hand, digest = request.POST.get("how") == "hand", request.POST.get("digest", "")[:64]
    agent = agent_of(request)
    return _said(
        request, lambda: send_evidence(dispute, digest=digest, is_by_hand=is_by_hand, by=agent)
    )


def _going(dispute: Dispute, agent: Agent) -> dict[str, Any]:
    packet = packet_going(dispute, agent)
    return {"dispute": dispute, "packet": packet, "files": files_of(packet)}


@needs("disputes.see")
@require_safe
def packet(request: HttpRequest, pk: int) -> HttpResponse:
    """The packet on a page of its own, to be read or printed."""
    agent = agent_of(request)
    context = _going(dispute_for(agent, pk), agent)
    with override(SPOKEN):
        return page(request, "desk/packet.html", context | {"is_file": False})


@needs("disputes.see")
@require_safe
def packet_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The packet with its files, as one archive that opens anywhere."""
    agent = agent_of(request)
    context = _going(dispute_for(agent, pk), agent)
    if sum(one.file.size for _name, one in context["files"]) > MOST_BYTES:
        messages.error(request, _("The files are too large for one archive: leave some out."))
        return redirect("desk:dispute", pk)
    held = io.BytesIO(_archive(request, context))
    response = FileResponse(held, content_type="application/zip")
    name = f"{context['dispute'].external_id}.zip"
    response.headers["Content-Disposition"] = disposition("attachment", name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _archive(request: HttpRequest, context: dict[str, Any]) -> bytes:
    """One page that needs nothing from us, its look, and the files that it names."""
    with override(SPOKEN):
        written = page(request, "desk/packet.html", context | {"is_file": True}).content
    look = finders.find(STYLE)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("evidence.html", written)
        archive.write(str(look), "packet.css")
        for name, one in context["files"]:
            archive.write(storage.path_of(one.file.sha256), name)
    return held.getvalue()


@needs("disputes.answer")
@require_POST
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Say of which order it is."""
    agent = agent_of(request)
    found = dispute_for(agent, pk)
    chosen = request.POST.get("order", "")
    if chosen.isascii() and chosen.isdecimal() and len(chosen) < 16:
        bought = order_for(agent, int(chosen))
        _said(request, lambda: choose_order(found, bought, by=agent))
    return redirect("desk:dispute", pk)


@needs("disputes.answer")
@require_POST
def letting_go(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide not to answer, or to answer after all."""
    agent = agent_of(request)
    found = dispute_for(agent, pk)
    is_back = request.POST.get("is") == "back"
    _said(request, lambda: (take_up_again if is_back else let_go)(found, by=agent))
    return redirect("desk:dispute", pk)


def _said(request: HttpRequest, act: Callable[[], object]) -> bool:
    """Do it; where the rules say no, their words stand on the next page."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
        return False
    return True
