"""A person is forgotten: what was done for an order stays counted, for whom goes."""

from collections.abc import Sequence

from makegood.customers.forgetting import forgets_by_address
from makegood.errands.models import Errand

STAYS = ("what", "order_id", "amount_minor", "currency", "percent")


@forgets_by_address
def forget_whom_it_was_for(addresses: Sequence[str]) -> None:
    """An errand names an address or a person only where it needs one: then it names their mail."""
    for address in filter(None, addresses):
        for errand in Errand.objects.filter(wanted__email=address):
            errand.wanted = {name: errand.wanted[name] for name in STAYS if name in errand.wanted}
            errand.words, errand.gave = "", {}
            errand.save(update_fields=["wanted", "words", "gave"])
