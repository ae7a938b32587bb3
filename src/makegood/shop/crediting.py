"""Credits under a number of their own: of which order they are, and how they are taken out."""

from collections import defaultdict

from django.db.models import F, Q

from makegood.shop.actions import count_taken
from makegood.shop.folding import folded
from makegood.shop.hearing import were_written
from makegood.shop.models import ImportRun, Line, Order, Refund, Shop
from makegood.shop.seen import CreditSeen


def put_credit(shop: Shop, seen: CreditSeen, run: ImportRun) -> bool:
    """Write a credit down once, with the order that it is of, where one can be found."""
    if shop.refunds.filter(external_id=seen.external_id, is_credit=True).exists():
        return False
    order, taken = _order_of(shop, seen)
    Refund.objects.create(
        shop=shop, order=order, external_id=seen.external_id, amount_minor=seen.amount_minor,
        currency=seen.currency, reason=seen.reason, buyer=seen.buyer, taken=taken,
        is_credit=True, at=seen.at, run=run,
    )  # fmt: skip
    if order is not None:
        _credit(order, seen.amount_minor, taken, 1)
    return True


def take_credit_out(credit: Refund) -> None:
    """As if it had never come."""
    order = credit.order
    credit.delete()
    if order is not None:
        _credit(order, credit.amount_minor, credit.taken, -1)


def _credit(order: Order, amount: int, taken: dict[str, int], sign: int) -> None:
    Order.objects.filter(pk=order.pk).update(credited_minor=F("credited_minor") + sign * amount)
    count_taken(order, taken, sign)
    were_written([order.pk])


def _order_of(shop: Shop, seen: CreditSeen) -> tuple[Order | None, dict[str, int]]:
    """The newest order before it, of the same customer or number, that holds all it takes back."""
    number = folded(seen.external_id)
    whose = Q(order__folded=number[1:]) if number[:1].isalpha() and number[1:] else Q(pk=None)
    if seen.buyer:
        whose |= Q(order__buyer=seen.buyer)
    if seen.email:
        whose |= Q(order__email=seen.email)
    wanted = dict(seen.taken)
    lines = Line.objects.filter(
        whose, order__shop=shop, order__placed_at__lte=seen.at, sku__in=list(wanted),
        order__currency=seen.currency,
    ).exclude(sku="")  # fmt: skip
    named = set(shop.orders.filter(folded=number[1:]).values_list("pk", flat=True))
    by_order: dict[int, list[Line]] = defaultdict(list)
    for line in lines.order_by("-order__placed_at", "pk"):
        by_order[line.order_id].append(line)
    # Of its own number before all others; Python's sorting leaves the rest, the newest first.
    for number_of_order, there in sorted(by_order.items(), key=lambda one: one[0] not in named):
        taken = _taken(wanted, there)
        if taken is not None:
            return Order.objects.get(pk=number_of_order), taken
    return None, {}


def _taken(wanted: dict[str, int], lines: list[Line]) -> dict[str, int] | None:
    """How many of which lines; nothing where an order does not hold all of it."""
    left, taken = dict(wanted), dict[str, int]()
    for line in lines:
        count = min(left.get(line.sku, 0), line.quantity - line.refunded)
        if count > 0:
            taken[line.external_id] = count
            left[line.sku] -= count
    return None if any(left.values()) else taken
