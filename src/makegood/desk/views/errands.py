"""Asking the shop to do something for an order: fill in, see what is at stake, ask."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.authority.queries import left
from makegood.concerns.queries import is_theirs
from makegood.conversations.models import Conversation
from makegood.conversations.queries import conversation_for
from makegood.desk.asking import agent_of
from makegood.desk.errand_forms import FORMS, ErrandForm
from makegood.errands.actions import ask, call_off, settle_by_hand
from makegood.errands.models import Errand
from makegood.errands.queries import (
    errand_for,
    goes_by_itself,
    is_connected,
    not_offered,
    offered,
)
from makegood.errands.stakes import at_stake
from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.kit.money import Money
from makegood.shop.connectors.interface import Ability, Wanted
from makegood.shop.models import Order
from makegood.shop.queries import order_for
from makegood.team.models import Agent


@dataclass(frozen=True, kw_only=True)
class Stake:
    """What an agent sees before they ask."""

    money: Money | None
    left: Money | None
    """What they may give at most; None is without limit."""
    wanted: Wanted


@require_http_methods(["GET", "POST"])
def errand(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """One act on one order: the form, what it costs, and then the asking."""
    agent = agent_of(request)
    order, about = order_for(agent, pk), conversation_named(agent, request)
    form = _form(request, agent, order, what, about)
    if not form.is_valid() or "again" in request.POST:
        return _page(request, form, None, about)
    try:
        if "confirm" not in request.POST or (_is_unproven(order, about) and not _is_known(request)):
            return _page(request, form, _stake(agent, order, form.wanted()), about)
        ask(order, form.wanted(), key=form.asked_as(), conversation=about, by=agent)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, form, None, about)
    messages.success(request, _asked(order, form.what))
    return redirect(_back(order, about))


def _form(
    request: HttpRequest, agent: Agent, order: Order, what: str, about: Conversation | None
) -> ErrandForm:
    """The form of an act that is offered to them, or 404."""
    able = [*offered(agent, order), *not_offered(agent, order).by_hand]
    found = next((one for one in able if one.value == what), None)
    if found is None:
        raise Http404
    started = {"conversation": about.pk} if about else {}
    return FORMS[found](order, found, request.POST or None, initial=started)


def conversation_named(agent: Agent, request: HttpRequest) -> Conversation | None:
    """The conversation from which they came, where they came from one; 404 where not theirs."""
    number = request.POST.get("conversation") or request.GET.get("conversation")
    if not number:
        return None
    if not number.isascii() or not number.isdigit() or len(number) > 15:
        raise Http404
    return conversation_for(agent, int(number))


def _stake(agent: Agent, order: Order, wanted: Wanted) -> Stake:
    money = at_stake(order, wanted)
    rest = left(agent, order.currency, order.ref).most if money is not None else None
    return Stake(money=money, left=rest, wanted=wanted)


def _is_unproven(order: Order, about: Conversation | None) -> bool:
    """Whether whoever they talk with has not shown yet that the order is theirs."""
    return about is not None and not is_theirs(about, order)


def _is_known(request: HttpRequest) -> bool:
    """Whether somebody said that they know it all the same."""
    return "known" in request.POST


def _asked(order: Order, what: Ability) -> str:
    if goes_by_itself(order, what):
        return _("The shop is being asked. Its answer will stand here.")
    if is_connected(order):
        return _("Noted: we cannot ask this shop for it, so somebody does it there by hand.")
    return _("Noted: this shop is not connected, so somebody does it there by hand.")


def _back(order: Order, about: Conversation | None) -> str:
    address = reverse("desk:order", args=[order.pk])
    return f"{address}?conversation={about.pk}#asked" if about else f"{address}#asked"


def _page(
    request: HttpRequest, form: ErrandForm, stake: Stake | None, about: Conversation | None
) -> HttpResponse:
    shown = {
        "form": form, "order": form.order, "stake": stake, "about": about,
        "name": Errand.What(form.what.value).label, "back": _back(form.order, about),
        "is_connected": is_connected(form.order),
        "is_unproven": stake is not None and _is_unproven(form.order, about),
        "goes_by_itself": goes_by_itself(form.order, form.what),
    }  # fmt: skip
    return page(request, "desk/errand.html", shown, 422 if form.errors else 200)


@require_POST
def errand_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Call it off before the shop heard of it."""
    agent = agent_of(request)
    found = errand_for(agent, pk)
    call_off(found, by=agent)
    messages.success(request, _("Called off. The shop was not asked."))
    return redirect(_where(found))


@require_POST
def errand_settled(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody looked in the shop and says how it ended."""
    agent = agent_of(request)
    found = errand_for(agent, pk)
    is_done = request.POST.get("done") == "1"
    settle_by_hand(found, is_done=is_done, words=request.POST.get("words", "")[:500], by=agent)
    messages.success(request, _("Noted."))
    return redirect(_where(found))


def _where(found: Errand) -> str:
    return _back(found.order, None) if found.order else reverse("desk:home")
