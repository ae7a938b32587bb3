from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from makegood.desk.asking import agent_of
from makegood.desk.person_forms import SegmentForm
from makegood.fields.queries import fields_seen
from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.people.finding import how_many
from makegood.people.queries import segment_for
from makegood.people.segments import remove_segment, save_segment, tidy
from makegood.team.gates import allows
from makegood.team.models import Agent


@allows("customers.change")
@require_http_methods(["GET", "POST"])
def segment(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """Customers of one sort under a name, or a new one; `try` says first how many there are."""
    agent = agent_of(request)
    found = segment_for(agent, pk) if pk else None
    now = {"title": found.name, **found.conditions} if found else {}
    form = SegmentForm(request.POST or None, initial=now, own=_own_fields(agent))
    counted = None
    if form.is_valid():
        try:
            if "try" not in request.POST:
                title, asked = form.cleaned_data["title"], form.conditions()
                saved = save_segment(found, name=title, conditions=asked, by=agent)
                return redirect(f"{reverse('desk:customers')}?segment={saved.pk}")
            counted = how_many(agent, tidy(form.conditions()))
        except Refused as refused:
            form.add_error(None, str(refused))
    return _form_page(request, form, {"segment": found, "counted": counted})


def _own_fields(agent: Agent) -> list[tuple[str, str]]:
    return [(field.key, field.name) for field in fields_seen("customer", agent.role)]


def _form_page(request: HttpRequest, form: SegmentForm, context: dict[str, Any]) -> HttpResponse:
    status = 422 if form.errors else 200
    return page(request, "desk/segment.html", {"form": form, **context}, status)


@allows("customers.change")
@require_POST
def segment_removal(request: HttpRequest, pk: int) -> HttpResponse:
    agent = agent_of(request)
    remove_segment(segment_for(agent, pk), by=agent)
    return redirect("desk:customers")
