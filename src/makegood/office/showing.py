"""The frame of the office: its list of pages, with what needs somebody beside each."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from makegood.automatic.queries import stopped_inboxes
from makegood.automation.queries import rules_in_trouble
from makegood.channels.troubles import trouble_counts
from makegood.kit.jinja import page
from makegood.shop.knowing import ways_in_trouble
from makegood.watch.queries import open_alarms


def office_page(
    request: HttpRequest, name: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    inboxes, arrivals, deliveries = trouble_counts()
    counts = {"inboxes": inboxes, "arrivals": arrivals, "deliveries": deliveries}
    counts["health"] = len(open_alarms())
    counts["machines"] = len(stopped_inboxes())
    counts["rules"] = rules_in_trouble()
    counts["shops"] = ways_in_trouble()
    return page(request, f"office/{name}.html", {"counts": counts, **(context or {})}, status)


def form_page(
    request: HttpRequest, name: str, form: Any, context: dict[str, Any] | None = None
) -> HttpResponse:
    """A page around a form; 422 where what was typed cannot be."""
    status = 422 if form.errors else 200
    return office_page(request, name, {"form": form, **(context or {})}, status)
