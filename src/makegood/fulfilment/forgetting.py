"""A person is forgotten: where confirmations of their orders went to goes with them."""

from collections.abc import Sequence

from makegood.channels.models import Delivery
from makegood.conversations.forgetting import forget_deliveries
from makegood.customers.forgetting import forgets_by_address
from makegood.fulfilment.models import Confirmation


@forgets_by_address
def forget_confirmations(addresses: Sequence[str]) -> None:
    sent = Confirmation.objects.filter(email__in=[one for one in addresses if one])
    refs = [f"order:{pk}" for pk in sent.values_list("order", flat=True)]
    forget_deliveries(list(Delivery.objects.filter(about__in=refs).order_by("pk")))
    sent.update(email="", reason="")
