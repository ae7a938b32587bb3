from makegood.customers.events import CustomerForgotten
from makegood.customers.merging import parts_of
from makegood.customers.models import Customer
from makegood.ledger.models import Event
from makegood.ledger.reactions import reacts_to
from makegood.redaction.models import Redaction


@reacts_to(CustomerForgotten)
def forget_reasons(event: Event) -> None:
    """A reason may say something of the person; that something was removed may be known."""
    customer = Customer.objects.get(pk=event.subject("customer"))
    theirs = [customer.pk, *parts_of(customer)]
    Redaction.objects.filter(conversation__customer__in=theirs).update(reason="")
