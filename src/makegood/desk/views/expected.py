"""What whoever writes now would be told: a quiet line above the list, in a request of its own."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from makegood.channels.queries import inboxes_visible_to
from makegood.desk.asking import agent_of
from makegood.kit.jinja import page
from makegood.waits.queries import expected_at
from makegood.waits.wording import for_customers, reasons


@require_safe
def expected(request: HttpRequest) -> HttpResponse:
    """For each inbox that the agent sees; nothing is written, and little asked."""
    found = expected_at(inboxes_visible_to(agent_of(request)), timezone.now())
    context = {
        "inboxes": [(inbox, for_customers(one), reasons(one)) for inbox, one in found],
        "waiting": sum(one.ahead for _inbox, one in found),
        "here": max((one.here for _inbox, one in found), default=0),
    }
    return page(request, "desk/_expected.html", context)
