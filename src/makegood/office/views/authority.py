"""Who may give what: a line for each role and currency, and budgets."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.authority.budgets import close_budget, save_budget
from makegood.authority.limits import Limits, limits_of_role, set_limits, table
from makegood.authority.models import Budget
from makegood.authority.queries import budget_for, budgets_with_left, currencies_given
from makegood.kit.errors import Refused
from makegood.kit.money import CURRENCIES, Money
from makegood.office.forms.authority import SaveBudget, SaveLimits
from makegood.office.http import agent_of
from makegood.office.showing import form_page, office_page
from makegood.shop.queries import all_shops
from makegood.team.gates import needs, proves
from makegood.team.queries import shown_role, shown_roles


@needs("office.authority")
@require_safe
def authority(request: HttpRequest) -> HttpResponse:
    """Every role by every currency that a shop sells in or something was given in."""
    shops = {one.currency for one in all_shops()}
    currencies = sorted(shops | set(currencies_given())) or ["EUR"]
    context = {"lines": table(shown_roles(), currencies), "budgets": budgets_with_left()}
    return office_page(request, "authority", context)


@needs("office.authority")
@proves("POST", resumes=True)
@require_http_methods(["GET", "POST"])
def limit(request: HttpRequest, role: str, currency: str) -> HttpResponse:
    """One role in one currency."""
    if currency not in CURRENCIES:
        raise Http404
    found = shown_role(role)
    now = _shown(limits_of_role(role, currency), currency)
    form = SaveLimits(request.POST or None, currency=currency, initial=now)
    if form.is_valid():
        try:
            set_limits(found, currency, form.limits(), by=agent_of(request))
            messages.success(request, _("Saved."))
            return redirect("office:authority")
        except Refused as refused:
            form.add_error(None, str(refused))
    return form_page(request, "authority_limit", form, {"role": found, "currency": currency})


def _shown(limits: Limits, currency: str) -> dict[str, Any]:
    names = ("per_case", "per_day", "per_month")
    sums = {name: getattr(limits, name) for name in names}
    shown = {
        name: Money(minor, currency).typed() for name, minor in sums.items() if minor is not None
    }
    return {"reach": limits.reach, **shown}


@needs("office.authority")
@proves("POST", resumes=True)
@require_http_methods(["GET", "POST"])
def budget(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """One budget, or a new one."""
    agent = agent_of(request)
    found = budget_for(agent, pk) if pk else None
    form = SaveBudget(request.POST or None, initial=_told(found))
    if form.is_valid():
        try:
            save_budget(found, form.wish(), by=agent)
            messages.success(request, _("Saved."))
            return redirect("office:authority")
        except Refused as refused:
            form.add_error(None, str(refused))
    return form_page(request, "budget", form, {"budget": found})


def _told(budget: Budget | None) -> dict[str, Any]:
    if budget is None:
        newest = next(iter(reversed(all_shops())), None)
        return {"currency": newest.currency if newest else "EUR", "span": Budget.Span.MONTH}
    return {
        "name": budget.name, "purpose": budget.purpose, "currency": budget.currency,
        "amount": budget.most.typed(), "span": budget.span,
    }  # fmt: skip


@needs("office.authority")
@proves(resumes=True)
@require_POST
def closing(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a budget, or open it again."""
    agent = agent_of(request)
    close_budget(budget_for(agent, pk), is_closed="close" in request.POST, by=agent)
    messages.success(request, _("Saved."))
    return redirect("office:authority")
