"""A person is forgotten: what was disputed stays counted, who disputed it goes."""

from collections.abc import Sequence

from makegood.customers.forgetting import forgets_by_address
from makegood.disputes.models import Dispute


@forgets_by_address
def forget_disputants(addresses: Sequence[str]) -> None:
    """Amounts, reasons and outcomes stay; name, address and our own words of it go."""
    for address in filter(None, addresses):
        theirs = Dispute.objects.filter(email=address) | Dispute.objects.filter(
            conversation__participants__handle__address=address
        )
        pks = list(theirs.values_list("pk", flat=True))
        Dispute.objects.filter(pk__in=pks).update(email="", name="", statement="", order_number="")
