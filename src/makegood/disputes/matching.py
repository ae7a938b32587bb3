"""Of which order a dispute is: by its payment, else by the order's number beside the payment."""

from collections.abc import Sequence

from django.db.models import Q

from makegood.shop.folding import folded
from makegood.shop.models import Order, Payment


def order_of(charge: str, intent: str, number: str) -> Order | None:
    """The one order that it can be. Where two could be, a person says which."""
    names = [one for one in (charge, intent) if one]
    if names:
        paid = Payment.objects.filter(external_id__in=names).values("order").distinct()
        found = list(Order.objects.filter(pk__in=paid)[:2])
        if found:
            return found[0] if len(found) == 1 else None
    return _numbered(number)


def _numbered(number: str) -> Order | None:
    """By what the shop wrote beside the payment: its own number, or what people say."""
    if not number:
        return None
    said = Q(external_id=number)
    if folded(number):
        said |= Q(folded=folded(number))
    found = list(Order.objects.filter(said)[:2])
    return found[0] if len(found) == 1 else None


def orders_numbered(number: str) -> Sequence[Order]:
    """What somebody may mean who types a number, the newest first."""
    plain = folded(number)
    if not plain:
        return []
    return list(
        Order.objects.filter(folded=plain).select_related("shop").order_by("-placed_at")[:5]
    )
