from collections.abc import Sequence
from typing import Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from makegood.customers.events import CustomerForgotten
from makegood.customers.forgetting import forgets_by_address
from makegood.customers.merging import parts_of
from makegood.customers.models import Customer
from makegood.ledger.models import Event
from makegood.ledger.reactions import reacts_to
from makegood.rolls.models import Roll, RollLine

EMPTY: dict[str, Any] = {"cells": [], "key": "", "reason": "", "before": {}, "after": {}}


@reacts_to(CustomerForgotten)
def forget_lines(event: Event) -> None:
    """What a file said of a forgotten person goes; that it had a line for somebody stays."""
    customer = Customer.objects.get(pk=event.subject("customer"))
    theirs = RollLine.objects.filter(
        roll__what=Roll.What.CUSTOMERS, thing__in=[customer.pk, *parts_of(customer)]
    )
    theirs.update(**EMPTY)


@forgets_by_address
def forget_lines_that_name(addresses: Sequence[str]) -> None:
    """The same of lines that were matched to nobody: refused, left, or not looked at yet."""
    lines = RollLine.objects.annotate(said=Cast("cells", TextField()))
    for address in filter(None, addresses):
        named = Q(key__iexact=address) | Q(said__icontains=address)
        lines.filter(named, roll__what=Roll.What.CUSTOMERS).update(**EMPTY)
