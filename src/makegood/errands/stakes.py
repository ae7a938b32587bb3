"""What is at stake: how much of an order can go back, and what an errand costs at most."""

from collections.abc import Callable

from django.db.models import Sum

from makegood.errands.models import Errand
from makegood.kit.money import Money
from makegood.shop.connecting import cancel_refunds
from makegood.shop.connectors.interface import Ability, Wanted
from makegood.shop.models import Line, Order

State = Errand.State
UNSETTLED = (State.WAITING, State.DOING, State.BY_HAND, State.IN_DOUBT)

GIVE_BACK = (Errand.What.REFUND, Errand.What.CANCEL)
"""An order that is cancelled may take its money with it."""

Besides = Callable[[Order, str], int]
_BESIDES: list[Besides] = []


def knows_refunds(count: Besides) -> Besides:
    """Register who promises refunds that no shop was asked for yet: how much of an order.

    It is told the key of the errand that is being asked, whose own sum it leaves out.
    """
    if count not in _BESIDES:
        _BESIDES.append(count)
    return count


def left_to_refund(order: Order, key: str = "") -> Money:
    """What came in, less what went back, less what is asked or promised to go back already.

    An order whose shop tells of no single payments counts as paid by its word: in full, or not.
    """
    paid = order.payments.filter(currency=order.currency).aggregate(all=Sum("amount_minor"))["all"]
    if paid is None:
        paid = 0 if order.paid == Order.Paid.UNPAID else order.total_minor
    seen = order.refunds.filter(currency=order.currency)
    back = seen.aggregate(all=Sum("amount_minor"))["all"] or 0
    asked = order.errands.filter(what=Errand.What.REFUND, currency=order.currency)
    giving = order.errands.filter(what__in=GIVE_BACK, currency=order.currency)
    waiting = giving.filter(state__in=UNSETTLED).aggregate(all=Sum("minor"))["all"] or 0
    # Done, and the shop's own word of it is not here yet.
    told = set(seen.values_list("external_id", flat=True))
    done = asked.filter(state=State.DONE).values_list("external_id", "minor")
    waiting += sum(minor for external_id, minor in done if external_id not in told)
    waiting += sum(count(order, key) for count in _BESIDES)
    return Money(max(0, int(paid) - int(back) - int(waiting)), order.currency)


def at_stake(order: Order | None, wanted: Wanted) -> Money | None:
    """The most that an errand can cost; None where it costs nothing."""
    if wanted.what == Ability.REPLACEMENT and order is not None:
        return _worth(order, wanted)
    if wanted.what == Ability.CANCEL and order is not None and cancel_refunds(order.shop):
        left = left_to_refund(order)
        return left if left.minor else None
    if wanted.what == Ability.COUPON and wanted.percent and order is not None:
        return Money(order.total_minor * wanted.percent // 100, order.currency)
    if wanted.what in (Ability.REFUND, Ability.COUPON) and wanted.amount_minor:
        return Money(wanted.amount_minor, wanted.currency)
    return None


def _worth(order: Order, wanted: Wanted) -> Money:
    """Of goods that are sent once more: what they were sold for."""
    lines = {line.external_id: line for line in order.lines.all()}
    minor = sum(cost_of(lines[line], count) for line, count in wanted.lines if line in lines)
    return Money(minor, order.currency)


def cost_of(line: Line, count: int) -> int:
    """What so many of an article were sold for, in minor units, its discount taken off."""
    return line.unit_minor * count - line.discount_minor * count // max(1, line.quantity)
