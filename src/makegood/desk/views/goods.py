"""What a shop sells: one product, and what of it a customer is told of once it is there again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.conversations.queries import conversation_for
from makegood.desk.asking import agent_of
from makegood.desk.goods import WantedForm, product_context
from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.shop.goods import product_for, variant_for
from makegood.shop.queries import order_for
from makegood.team.gates import allows
from makegood.wanted.actions import promise_back


@require_safe
def product(request: HttpRequest, pk: int) -> HttpResponse:
    """A product with its variants."""
    agent = agent_of(request)
    return page(request, "desk/product.html", product_context(agent, product_for(agent, pk)))


@allows("answer")
@require_POST
def wanted(request: HttpRequest, pk: int, variant: int) -> HttpResponse:
    """Promise a customer to tell them when a variant is there again."""
    agent = agent_of(request)
    conversation, found = conversation_for(agent, pk), variant_for(agent, variant)
    form = WantedForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Say a day."))
    promise_back(conversation, found, form.cleaned_data["day"], by=agent)
    messages.success(request, _("Promised: they are told when it is there again."))
    number = form.cleaned_data["order"]
    if number is None:
        return redirect("desk:conversation", conversation.pk)
    address = reverse("desk:order", args=[order_for(agent, number).pk])
    return redirect(f"{address}?conversation={conversation.pk}")
