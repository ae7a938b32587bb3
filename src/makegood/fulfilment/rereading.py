"""Orders that are under way are held to stated times that changed: a few at a time."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from makegood.fulfilment.models import Reread
from makegood.fulfilment.reckoning import reckon_orders
from makegood.parcels.weighing import weigh_again
from makegood.shop.models import Order, Shop

AT_ONCE = 100
UNDER_WAY = timedelta(days=60)
"""What was placed before is not looked at again: it is there, or somebody asked long ago."""


def ask_again(at: datetime) -> Reread:
    """Let every order that may be under way be looked at, in the caller's transaction."""
    return Reread.objects.create(asked_at=at, since=at - UNDER_WAY)


def reread_next() -> int:
    """One step of the worker: how many orders were looked at."""
    asked = Reread.objects.filter(ended_at=None).order_by("pk").values_list("pk", flat=True)
    pk = asked.first()
    return max(_step(pk), 1) if pk else 0


@transaction.atomic
def _step(pk: int) -> int:
    """As whoever writes orders: first the shops, then what hangs on their orders."""
    list(Shop.objects.select_for_update().order_by("pk"))
    row = Reread.objects.select_for_update().filter(pk=pk, ended_at=None).first()
    if row is None:
        return 0
    rows = Order.objects.filter(pk__gt=row.position, placed_at__gte=row.since).order_by("pk")
    numbers = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    if numbers:
        reckon_orders(numbers)
        weigh_again(numbers)
        row.position = numbers[-1]
    else:
        row.ended_at = timezone.now()
    row.save()
    return len(numbers)
