"""What is held while money moves: the shop, the errand, the make-good, then the purses.

Always in this order, as errands do it, so that nobody waits for somebody who waits for them.
"""

from makegood.errands.models import Errand
from makegood.makegoods.models import Makegood
from makegood.shop.models import Order, Shop

KEY = "makegood:"
"""An errand of a make-good is asked under its reference."""


def hold_shop(order: Order | None) -> None:
    """Two at once count the same order's money."""
    if order is not None:
        Shop.objects.select_for_update().get(pk=order.shop_id)


def locked(makegood: Makegood) -> Makegood:
    """The row as it is now, held with its errand until the transaction ends."""
    Errand.objects.select_for_update(of=("self",)).filter(key=f"{KEY}{makegood.pk}").first()
    rows = Makegood.objects.select_for_update(of=("self",))
    return rows.select_related("conversation", "order", "agent", "budget").get(pk=makegood.pk)
