"""What is held while money moves: the shop, the errand, the make-good, then the purses.

Always in this order, as errands do it, so that nobody waits for somebody who waits for them.
"""

from makegood.errands.models import Errand
from makegood.makegoods.models import Makegood
from makegood.shop.models import Order, Shop

KEY = "makegood:"
"""An errand of a make-good is asked under its reference and its seal."""


def key_of(makegood: Makegood) -> str:
    """By what the shop knows it for good.

    A shop may have heard of this number: from this desk before a backup was brought back, or
    from another desk. With the seal it cannot take one for the other.
    """
    return f"{makegood.ref}:{makegood.seal}" if makegood.seal else makegood.ref


def number_in(key: str) -> int:
    """Of which make-good the errand with this key is; 0 where of none."""
    noun, _colon, number = key.partition(":")
    number = number.partition(":")[0] if f"{noun}:" == KEY else ""
    return int(number) if number.isascii() and number.isdigit() else 0


def hold_shop(order: Order | None) -> None:
    """Two at once count the same order's money."""
    if order is not None:
        Shop.objects.select_for_update().get(pk=order.shop_id)


def locked(makegood: Makegood) -> Makegood:
    """The row as it is now, held with its errand until the transaction ends."""
    Errand.objects.select_for_update(of=("self",)).filter(key=key_of(makegood)).first()
    rows = Makegood.objects.select_for_update(of=("self",))
    return rows.select_related("conversation", "order", "agent", "budget").get(pk=makegood.pk)
