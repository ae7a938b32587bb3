"""Who may be the same person: compared side by side, merged, split, or told apart."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.customers.actions import tell_apart
from makegood.customers.likeness import alike
from makegood.customers.merging import Side, merge_customers, sides_of, split_customers
from makegood.customers.models import Customer
from makegood.customers.queries import handles_of, tags_of
from makegood.desk.asking import agent_of
from makegood.desk.rows import CHANNELS
from makegood.fields.queries import fields_of
from makegood.kit.jinja import page
from makegood.people.queries import customer_for, merge_for
from makegood.team.gates import allows
from makegood.team.models import Agent


@allows("customers.merge")
@require_http_methods(["GET", "POST"])
def merging(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Two customers side by side; each line is chosen, and then they are one."""
    agent = agent_of(request)
    kept, absorbed = customer_for(agent, pk), customer_for(agent, other)
    if kept.pk == absorbed.pk:
        return redirect("desk:person", kept.pk)
    sides = _sides(kept, absorbed, agent)
    if request.method != "POST":
        return page(request, "desk/merging.html", _compared(kept, absorbed) | {"sides": sides})
    take = {side.key for side in sides if request.POST.get(side.key) == "absorbed"}
    merge_customers(kept, absorbed, take=take, reason=_reason(request), by=agent)
    messages.success(request, _("They are one now. You can split them again at any time."))
    return redirect("desk:person", kept.pk)


def _sides(kept: Customer, absorbed: Customer, agent: Agent) -> list[Side]:
    """What both say, but for fields that this agent may not see: those stay as they are."""
    fields = fields_of("customer")
    hidden = {f"field:{one.pk}" for one in fields if not one.may_be_seen_by(agent.role)}
    return [side for side in sides_of(kept, absorbed) if side.key not in hidden]


def _compared(kept: Customer, absorbed: Customer) -> dict[str, Any]:
    reasons = next((one.reasons for one in alike(kept) if one.customer.pk == absorbed.pk), ())
    people = [(one, handles_of(one), tags_of(one)) for one in (kept, absorbed)]
    shown = {"people": people, "reasons": reasons, "channels": CHANNELS}
    return shown | {"first": kept, "second": absorbed}


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "")[:250]


@allows("customers.merge")
@require_POST
def splitting(request: HttpRequest, pk: int) -> HttpResponse:
    """They are two people after all."""
    agent = agent_of(request)
    split = split_customers(merge_for(agent, pk), by=agent)
    messages.success(request, _("They are two again: %(name)s is back.") % {"name": split})
    return redirect("desk:person", split.pk)


@allows("customers.merge")
@require_POST
def apart(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """These two are not the same: it is not suggested again."""
    agent = agent_of(request)
    one, second = customer_for(agent, pk), customer_for(agent, other)
    if one.pk == second.pk:
        raise Http404
    tell_apart(one, second, by=agent)
    return redirect("desk:person", one.pk)
