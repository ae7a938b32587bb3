"""Customers: their list, one of them, and what can be changed in place."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from makegood.chat.barring import block_networks, unblock_network
from makegood.conversations.filling import fill_conversation_fields
from makegood.conversations.queries import conversation_for
from makegood.customers.actions import (
    change_details,
    fill_customer_fields,
    note_consent,
    note_on_customer,
    remove_customer_note,
    tag_customer,
)
from makegood.customers.blocking import block_customer, block_handle, owner_of, unblock
from makegood.customers.models import Customer
from makegood.desk.asking import agent_of, is_htmx, wants_part
from makegood.desk.person_forms import (
    BlockForm,
    ConsentForm,
    DetailsForm,
    WordsForm,
    typed_fields,
)
from makegood.desk.persons import page_of, pane_of
from makegood.fields.queries import filled_fields
from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.kit.text import one_line
from makegood.people.finding import customers_page
from makegood.people.queries import (
    block_for,
    customer_for,
    handle_for,
    network_block_for,
    note_for,
    segment_numbered,
    segments,
)
from makegood.team.gates import allows

NOT_SO = gettext_lazy("Something in that form was not as we expect it. Nothing was changed.")


@require_safe
def customers(request: HttpRequest) -> HttpResponse:
    """Everybody the agent may know of, or those of one sort, newest heard of first."""
    agent, typed = agent_of(request), one_line(request.GET.get("q", ""), 200)
    number = request.GET.get("segment", "")
    is_asked = number.isascii() and number.isdigit()
    segment = segment_numbered(int(number[:18])) if is_asked else None
    found = customers_page(
        agent,
        typed,
        conditions=segment.conditions if segment else None,
        after=request.GET.get("after", ""),
    )
    context = {"words": typed, "found": found, "segments": segments(), "segment": segment}
    return page(request, "desk/customers.html", context)


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one customer. Who was merged into another is found there."""
    agent = agent_of(request)
    customer = customer_for(agent, pk)
    if customer.pk != pk:
        return redirect("desk:person", customer.pk)
    context = page_of(customer, agent, request.GET.get("after", ""))
    return page(request, "desk/person.html", context)


@allows("customers.change")
@require_POST
def details(request: HttpRequest, pk: int) -> HttpResponse:
    agent = agent_of(request)
    customer = customer_for(agent, pk)
    form = DetailsForm(request.POST)
    if not form.is_valid():
        raise Refused(NOT_SO)
    change_details(customer, form.details(), by=agent)
    return done(request, customer)


@allows("customers.change")
@require_POST
def tags(request: HttpRequest, pk: int) -> HttpResponse:
    agent = agent_of(request)
    customer = customer_for(agent, pk)
    form = WordsForm(request.POST)
    if not form.is_valid():
        raise Refused(NOT_SO)
    tag_customer(customer, form.names(), by=agent)
    return done(request, customer)


@allows("customers.change")
@require_POST
def notes(request: HttpRequest, pk: int) -> HttpResponse:
    agent = agent_of(request)
    customer = customer_for(agent, pk)
    form = WordsForm(request.POST)
    if not form.is_valid():
        raise Refused(NOT_SO)
    note_on_customer(customer, form.cleaned_data["text"], by=agent)
    return done(request, customer)


@allows("customers.change")
@require_POST
def note_removal(request: HttpRequest, pk: int) -> HttpResponse:
    agent = agent_of(request)
    note = note_for(agent, pk)
    remove_customer_note(note, by=agent)
    return done(request, note.customer)


@allows("customers.change")
@require_POST
def fields(request: HttpRequest, pk: int) -> HttpResponse:
    """The shop's own fields on a customer."""
    agent = agent_of(request)
    customer = customer_for(agent, pk)
    filled = list(filled_fields("customer", customer.pk, role=agent.role))
    fill_customer_fields(customer, typed_fields(request.POST, filled), role=agent.role, by=agent)
    return done(request, customer)


@allows("act")
@require_POST
def conversation_fields(request: HttpRequest, pk: int) -> HttpResponse:
    """The shop's own fields on a conversation."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    filled = list(filled_fields("conversation", conversation.pk, role=agent.role))
    fill_conversation_fields(conversation, typed_fields(request.POST, filled), by=agent)
    return done(request, conversation.customer)


@allows("customers.change")
@require_POST
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    agent = agent_of(request)
    customer = customer_for(agent, pk)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        raise Refused(NOT_SO)
    data = form.cleaned_data
    note_consent(customer, data["purpose"], is_given=form.is_given(), how=data["how"], by=agent)
    return done(request, customer)


@allows("customers.block")
@require_POST
def blocking(request: HttpRequest, pk: int) -> HttpResponse:
    """Hear nothing more of this person."""
    agent = agent_of(request)
    customer = customer_for(agent, pk)
    form = BlockForm(request.POST)
    if not form.is_valid():
        raise Refused(NOT_SO)
    reason, until = form.cleaned_data["reason"], form.until()
    if form.cleaned_data["network"]:
        block_networks(customer, reason=reason, until=until, by=agent)
    block_customer(customer, reason=reason, until=until, by=agent)
    return done(request, customer)


@allows("customers.block")
@require_POST
def handle_blocking(request: HttpRequest, pk: int) -> HttpResponse:
    """Hear nothing more of one address."""
    agent = agent_of(request)
    handle = handle_for(agent, pk)
    form = BlockForm(request.POST)
    if not form.is_valid():
        raise Refused(NOT_SO)
    block_handle(handle, reason=form.cleaned_data["reason"], until=form.until(), by=agent)
    return done(request, handle.customer)


@allows("customers.block")
@require_POST
def lifting(request: HttpRequest, pk: int) -> HttpResponse:
    """Hear them again."""
    agent = agent_of(request)
    block = block_for(agent, pk)
    waiting = unblock(block, by=agent)
    if waiting and not is_htmx(request):
        messages.success(request, _("What was set aside comes in now: %(n)s.") % {"n": waiting})
    return done(request, owner_of(block))


@allows("customers.block")
@require_POST
def network_lifting(request: HttpRequest, pk: int) -> HttpResponse:
    """Hear their network again."""
    agent = agent_of(request)
    block, customer = network_block_for(agent, pk)
    unblock_network(block, by=agent)
    return done(request, customer)


def done(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Back to where it was asked: the pane beside a conversation, or the customer's page."""
    agent, number = agent_of(request), request.POST.get("conversation", "")
    if not (number.isascii() and number.isdigit()):
        return redirect("desk:person", customer.pk)
    conversation = conversation_for(agent, int(number[:18]))
    if not wants_part(request, "customer-pane"):
        return redirect("desk:customer", conversation.pk)
    return page(request, "desk/_customer.html", pane_of(conversation, agent))
