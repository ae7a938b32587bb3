"""All times and verdicts made anew from the orders, in the order in which they were placed."""

from collections.abc import Callable

from django.db import transaction

from makegood.parcels.models import LateDay, Learned, ToWeigh, Turn, Weighed
from makegood.parcels.weighing import weigh_some
from makegood.shop.models import Order

AT_ONCE = 2000


@transaction.atomic
def begin_anew() -> int:
    """Forget what was counted, and let every order be looked at again; how many."""
    Turn.objects.get_or_create(name="weighing")
    Turn.objects.select_for_update().get(name="weighing")
    for table in (LateDay, Learned, Weighed, ToWeigh):
        table.objects.all().delete()
    numbers = list(Order.objects.order_by("placed_at", "pk").values_list("pk", flat=True))
    for begin in range(0, len(numbers), AT_ONCE):
        some = numbers[begin : begin + AT_ONCE]
        ToWeigh.objects.bulk_create(ToWeigh(order=pk) for pk in some)
    return len(numbers)


def rebuild(tell: Callable[[int], object] = lambda _done: None) -> int:
    """All of it, now; `tell` hears how many are done."""
    begin_anew()
    done = 0
    while some := weigh_some():
        done += some
        tell(done)
    return done
