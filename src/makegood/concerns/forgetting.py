"""A person is forgotten: where codes went to goes with them."""

from collections.abc import Sequence

from makegood.channels.models import Delivery
from makegood.concerns.models import Proof
from makegood.conversations.forgetting import forget_deliveries
from makegood.customers.forgetting import forgets_by_address


@forgets_by_address
def forget_codes(addresses: Sequence[str]) -> None:
    sent = Proof.objects.filter(email__in=[one for one in addresses if one])
    refs = [f"proof:{pk}" for pk in sent.values_list("pk", flat=True)]
    forget_deliveries(list(Delivery.objects.filter(about__in=refs).order_by("pk")))
    sent.update(email="")
