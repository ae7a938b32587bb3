from makegood.customers.events import CustomerForgotten
from makegood.customers.merging import parts_of
from makegood.customers.models import Customer
from makegood.ledger.models import Event
from makegood.ledger.reactions import reacts_to
from makegood.rolls.models import Roll, RollLine


@reacts_to(CustomerForgotten)
def forget_lines(event: Event) -> None:
    """What a file said of a forgotten person goes; that it had a line for somebody stays."""
    customer = Customer.objects.get(pk=event.subject("customer"))
    theirs = RollLine.objects.filter(
        roll__what=Roll.What.CUSTOMERS, thing__in=[customer.pk, *parts_of(customer)]
    )
    theirs.update(cells=[], key="", reason="", before={}, after={})
