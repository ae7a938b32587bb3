"""How long people wait, what they are told of it, and whether it was true."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from makegood.channels.queries import all_inboxes
from makegood.office.showing import office_page
from makegood.office.truths import truth_of
from makegood.team.gates import needs
from makegood.waits.queries import how_it_fares
from makegood.waits.wording import for_customers, reasons


@needs("office.troubles")
@require_safe
def waits(request: HttpRequest) -> HttpResponse:
    """For each inbox: what can be expected now and why, and how the last month's words fared."""
    shown = [
        (one.inbox, for_customers(one.expected), reasons(one.expected), truth_of(one.calibration))
        for one in how_it_fares(all_inboxes(), timezone.now())
    ]
    return office_page(request, "waits", {"shown": shown})
