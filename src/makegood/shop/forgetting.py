"""A person is forgotten: what was bought stays counted, who bought it goes."""

from collections.abc import Sequence

from django.db.models import TextField
from django.db.models.functions import Cast

from makegood.customers.forgetting import forgets_by_address
from makegood.shop.models import ImportLine, Order, Refund, Signal
from makegood.shop.offers import forget_carts


@forgets_by_address
def forget_buyers(addresses: Sequence[str]) -> None:
    """Their orders have lines and sums, and nobody's name.

    What a file still waiting says of them goes with them, and so do carts they left behind.
    """
    for address in filter(None, addresses):
        theirs = Order.objects.filter(email=address)
        Refund.objects.filter(order__in=theirs).update(buyer="", reason="")
        theirs.update(email="", phone="", phoned="", name="", named="", address="", buyer="")
        lines = ImportLine.objects.annotate(text=Cast("said", TextField()))
        lines.filter(text__icontains=address).delete()
    forget_carts(addresses)
    _forget_signals([address.encode() for address in addresses if address])


def _forget_signals(addresses: Sequence[bytes]) -> None:
    """What shops told of them and is still kept: a week of what was read, and what was not."""
    told = Signal.objects.exclude(state=Signal.State.WAITING).only("pk", "raw").order_by("pk")
    theirs = [
        signal.pk
        for signal in told.iterator(chunk_size=200)
        if any(address in bytes(signal.raw).lower() for address in addresses)
    ]
    Signal.objects.filter(pk__in=theirs).delete()
