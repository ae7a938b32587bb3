"""What is given for what: the table, its draft and versions, a preview, and own failures."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.kit.errors import Refused
from makegood.kit.money import CURRENCIES
from makegood.makegoods import failures
from makegood.makegoods.models import History, PolicyLine, Remedy
from makegood.makegoods.policies import (
    draft_of,
    drafted,
    publish,
    save_draft,
    throw_draft_away,
    versions_of,
)
from makegood.makegoods.policy import table_of
from makegood.makegoods.previewing import preview
from makegood.office.forms.makegoods import as_typed, rows_in, typed
from makegood.office.http import agent_of
from makegood.office.showing import office_page
from makegood.shop.queries import all_shops
from makegood.team.gates import needs, proves


def _currency(request: HttpRequest) -> str:
    asked = request.POST.get("currency") or request.GET.get("currency") or ""
    shops = sorted({one.currency for one in all_shops()}) or ["EUR"]
    if asked and asked not in CURRENCIES:
        raise Http404
    return asked or shops[0]


@needs("office.makegoods")
@require_http_methods(["GET", "POST"])
def makegoods(request: HttpRequest) -> HttpResponse:
    """The table that is changed: the draft, or what holds."""
    currency, wrong = _currency(request), ""
    if request.method == "POST":
        try:
            save_draft(currency, rows_in(request.POST, currency), by=agent_of(request))
            messages.success(request, _("The draft is kept. Nothing holds of it yet."))
            return _back(currency)
        except Refused as refused:
            wrong = str(refused)
    rows = as_typed(request.POST) if wrong else typed(drafted(currency).rows, currency)
    context = _context(currency) | {"rows": rows, "wrong": wrong}
    return office_page(request, "makegoods", context, 422 if wrong else 200)


def _context(currency: str) -> dict[str, Any]:
    return {
        "currency": currency,
        "currencies": sorted({one.currency for one in all_shops()} | {currency}),
        "failures": failures.choices(),
        "histories": History.choices,
        "remedies": Remedy.choices,
        "units": PolicyLine.Unit.choices,
        "draft": draft_of(currency),
        "table": table_of(currency),
        "versions": versions_of(currency),
        "own": failures.own_failures(),
    }


def _back(currency: str) -> HttpResponse:
    return redirect(f"{reverse('office:makegoods')}?currency={currency}")


@needs("office.makegoods")
@proves(resumes=True)
@require_POST
def publishing(request: HttpRequest) -> HttpResponse:
    """The draft holds from now on."""
    currency = _currency(request)
    publish(currency, by=agent_of(request))
    messages.success(request, _("Published. It holds from now on."))
    return _back(currency)


@needs("office.makegoods")
@require_POST
def draft_removal(request: HttpRequest) -> HttpResponse:
    currency = _currency(request)
    throw_draft_away(currency, by=agent_of(request))
    return _back(currency)


@needs("office.makegoods")
@require_safe
def previewing(request: HttpRequest) -> HttpResponse:
    """What the draft would have given for the promises that broke lately."""
    currency = _currency(request)
    context = {
        "currency": currency,
        "preview": preview(drafted(currency), timezone.now()),
        "failure_names": failures.names(),
    }
    return office_page(request, "makegoods_preview", context)


@needs("office.makegoods")
@require_POST
def new_failure(request: HttpRequest) -> HttpResponse:
    """A failure of the shop's own."""
    failures.name_failure(request.POST.get("name", ""), by=agent_of(request))
    messages.success(request, _("Saved."))
    return _back(_currency(request))


@needs("office.makegoods")
@require_POST
def failure_end(request: HttpRequest, pk: int) -> HttpResponse:
    """It is chosen no more."""
    found = next((one for one in failures.own_failures() if one.pk == pk), None)
    if found is None:
        raise Http404
    failures.end_failure(found, by=agent_of(request))
    return _back(_currency(request))
