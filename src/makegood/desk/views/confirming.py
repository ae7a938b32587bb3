"""Customers hear of their orders: what the shop did not send in time is sent from here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from makegood.desk.asking import agent_of
from makegood.fulfilment.confirming import confirm_order, told_by_shop
from makegood.fulfilment.overdue import send_waiting
from makegood.kit.errors import Refused
from makegood.shop.queries import order_for
from makegood.team.gates import allows


@allows("answer")
@require_POST
def confirming(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one confirmation, or say that the shop sent it."""
    agent, kind = agent_of(request), request.POST.get("kind", "")
    order = order_for(agent, pk)
    try:
        if request.POST.get("do") == "shop":
            told_by_shop(order, kind, by=agent)
            messages.success(request, _("Written down, with your name beside it."))
        else:
            confirm_order(order, kind, by=agent)
            words = _("The confirmation for order %(number)s is on its way.")
            messages.success(request, words % {"number": order.number})
    except Refused as refused:
        messages.error(request, str(refused))
    if request.POST.get("back") == "late":
        return redirect("desk:orders-late")
    return redirect(reverse("desk:order", args=[pk]) + "#promised-title")


@allows("answer")
@require_POST
def confirming_all(request: HttpRequest) -> HttpResponse:
    """Send everything of that kind that is at risk or late, a hundred at a press."""
    sent, failed = send_waiting(timezone.now(), by=agent_of(request))
    if sent:
        words = ngettext(
            "%(n)s confirmation is on its way.", "%(n)s confirmations are on their way.", sent
        )
        messages.success(request, words % {"n": sent})
    if failed:
        words = ngettext(
            "%(n)s could not be sent: its order says why.",
            "%(n)s could not be sent: their orders say why.",
            failed,
        )
        messages.error(request, words % {"n": failed})
    return redirect("desk:orders-late")
