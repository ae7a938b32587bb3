"""What a customer bought: one order, with what was paid, sent and given back."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from makegood.customers.queries import handle_at
from makegood.desk.asking import agent_of
from makegood.kit.jinja import page
from makegood.shop.queries import order_for


@require_safe
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """One order as the shop tells of it."""
    found = order_for(agent_of(request), pk)
    handle = handle_at("email", found.email) if found.email else None
    return page(request, "desk/order.html", {"order": found, "handle": handle})
