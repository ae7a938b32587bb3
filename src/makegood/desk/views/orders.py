"""What a customer bought: one order, and which orders a conversation is about."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.concerns.actions import attach_order, detach_order
from makegood.concerns.proving import check_code, send_code
from makegood.conversations.models import Conversation
from makegood.conversations.queries import conversation_for
from makegood.customers.queries import handle_at
from makegood.desk.asking import agent_of, is_htmx, led, numbers_in
from makegood.desk.disputing import disputed_order
from makegood.desk.goods import goods_of
from makegood.desk.parcelled import GiveParcelForm, TellScanForm, parcels_context
from makegood.desk.views.conversation import show_customer
from makegood.desk.views.errands import conversation_named
from makegood.errands.models import Errand
from makegood.errands.queries import errands_of, not_offered, offered
from makegood.errands.saying import details_of
from makegood.fulfilment.overdue import waiting_number
from makegood.fulfilment.queries import at_risk, by_order, promised_of
from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.kit.text import one_line
from makegood.makegoods.queries import makegoods_for
from makegood.parcels.actions import give_parcel, parcel_of, tell_of_parcel
from makegood.shop.finding import orders_like
from makegood.shop.models import Order
from makegood.shop.queries import order_for, orders_page
from makegood.team.gates import allows
from makegood.team.models import Agent


@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """Every order, or those that were meant by a number, an address or a name."""
    agent, typed = agent_of(request), one_line(request.GET.get("q", ""), 200)
    found = orders_page(agent, typed, request.GET.get("after", ""))
    return page(request, "desk/orders.html", {"found": found, "words": typed})


@require_safe
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """One order as the shop tells of it, and what the shop can be asked to do for it."""
    return _shown(request, order_for(agent_of(request), pk))


def _shown(request: HttpRequest, found: Order, **forms: Any) -> HttpResponse:
    agent = agent_of(request)
    about = conversation_named(agent, request)
    context = {
        "order": found,
        "handle": handle_at("email", found.email) if found.email else None,
        "disputes": disputed_order(found, agent),
        "about": about,
        "makegoods": makegoods_for(found, agent),
        "promised": promised_of(found, timezone.now()),
    }
    context |= _asked_context(agent, found) | goods_of(found, about)
    context |= parcels_context(found, timezone.now(), **forms)
    return page(request, "desk/order.html", context)


def _asked_context(agent: Agent, found: Order) -> dict[str, Any]:
    """What can be asked of its shop, what only by hand and what not at all, and what was."""
    missing = not_offered(agent, found)
    return {
        "offered": [Errand.What(one.value) for one in offered(agent, found)],
        "by_hand": [Errand.What(one.value) for one in missing.by_hand],
        "lacking": [str(Errand.What(one.value).label) for one in missing.rights],
        "errands": errands_of(found),
        "details_of": details_of,
    }


@allows("parcels.tell")
@require_POST
def parcel(request: HttpRequest, pk: int) -> HttpResponse:
    """Under which number it is on its way."""
    agent, form = agent_of(request), GiveParcelForm(request.POST)
    found = order_for(agent, pk)
    if form.is_valid():
        said = form.cleaned_data
        try:
            given = give_parcel(found, said["carrier"], said["tracking"], by=agent)
        except Refused as refused:
            form.add_error("tracking", str(refused))
        else:
            told = {"tracking": given.tracking}
            messages.success(request, _("The parcel %(tracking)s is of this order now.") % told)
            return redirect("desk:order", pk)
    return _shown(request, found, give=form)


@allows("parcels.tell")
@require_POST
def scan(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of one of its parcels, as somebody heard it."""
    agent, form = agent_of(request), TellScanForm(request.POST)
    found = order_for(agent, pk)
    if form.is_valid():
        try:
            behind = parcel_of(found, form.cleaned_data["shipment"])
            tell_of_parcel(behind, form.seen(), by=agent)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Written down, with your name beside it."))
            return redirect("desk:order", pk)
    return _shown(request, found, tell=form)


@allows("act")
@require_POST
def attaching(request: HttpRequest, pk: int) -> HttpResponse:
    """This conversation is about an order: by its number, or one that is shown; or it is not."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    is_over = request.POST.get("do") == "detach"
    (detach_order if is_over else attach_order)(conversation, _meant(request), by=agent)
    return _beside(request, conversation)


def _meant(request: HttpRequest) -> Order:
    """The order that is shown, or the one that a number means."""
    agent = agent_of(request)
    if shown := numbers_in([request.POST.get("order", "")]):
        return order_for(agent, shown[0])
    found = orders_like(agent, request.POST.get("number", ""), most=2)
    if not found:
        raise Refused(_("There is no such order. Look at its number again."))
    if len(found) > 1 and found[0].folded == found[1].folded:
        raise Refused(_("More than one shop has an order of this number. Open it by the search."))
    return found[0]


@allows("act")
@require_POST
def code(request: HttpRequest, pk: int, order: int) -> HttpResponse:
    """Send a code to the order's own address, or say what the customer told of it."""
    agent = agent_of(request)
    conversation, meant = conversation_for(agent, pk), order_for(agent, order)
    if request.POST.get("do") == "send":
        send_code(conversation, meant, by=agent)
    elif not check_code(conversation, meant, request.POST.get("code", "")[:20], by=agent):
        raise Refused(_("That is not the code that was sent. It was counted as a try."))
    return _beside(request, conversation)


def _beside(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    return show_customer(request, conversation) if is_htmx(request) else led(request, conversation)


@require_safe
def late(request: HttpRequest) -> HttpResponse:
    """Orders whose promises are late or soon will be, and why."""
    now = timezone.now()
    found = at_risk(agent_of(request), request.GET.get("after", ""), now)
    context = {"found": found, "orders": by_order(found.rows), "untold": waiting_number(now)}
    return page(request, "desk/orders_late.html", context)
