"""What a customer bought: one order, with what was paid, sent and given back."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from makegood.customers.queries import handle_at
from makegood.desk.asking import agent_of
from makegood.desk.disputing import disputed_order
from makegood.desk.views.errands import conversation_named
from makegood.errands.models import Errand
from makegood.errands.queries import errands_of, offered
from makegood.kit.jinja import page
from makegood.shop.queries import order_for


@require_safe
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """One order as the shop tells of it, and what the shop can be asked to do for it."""
    agent = agent_of(request)
    found = order_for(agent, pk)
    shown = {
        "order": found,
        "handle": handle_at("email", found.email) if found.email else None,
        "about": conversation_named(agent, request),
        "offered": [Errand.What(one.value) for one in offered(agent, found)],
        "errands": errands_of(found),
        "disputes": disputed_order(found, agent),
    }
    return page(request, "desk/order.html", shown)
