"""Did it keep them? What became of what was given: used, and whether they bought again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q

from makegood.makegoods.models import Makegood, Remedy
from makegood.shop.models import Order

State = Makegood.State
WITHIN = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One remedy: how many were given, used, and followed by another order."""

    remedy: str
    given: int
    used: int
    known: int
    """Given so long ago, with an order, that it can be told whether they came back."""
    came_back: int

    @property
    def name(self) -> str:
        return str(Remedy(self.remedy).label)

    @property
    def share(self) -> int | None:
        """In a hundred; None where too few are known."""
        return round(100 * self.came_back / self.known) if self.known else None


def outcomes(now: datetime) -> Sequence[Outcome]:
    """By remedy. Whoever ordered within ninety days after it was given came back."""
    again = Order.objects.filter(
        email=OuterRef("order__email"), placed_at__gt=OuterRef("given_at"),
        placed_at__lte=OuterRef("given_at") + WITHIN,
    ).exclude(standing=Order.Standing.CANCELLED)  # fmt: skip
    is_known = Q(given_at__lte=now - WITHIN, order__isnull=False) & ~Q(order__email="")
    rows = (
        Makegood.objects.filter(given_at__isnull=False)
        .exclude(state=State.TAKEN_BACK)
        .annotate(came=Exists(again))
        .values("remedy")
        .annotate(
            given=Count("pk"),
            used=Count("pk", filter=Q(state=State.REDEEMED)),
            known=Count("pk", filter=is_known),
            came_back=Count("pk", filter=is_known & Q(came=True)),
        )
        .order_by("-given", "remedy")
    )
    return [Outcome(**row) for row in rows]


def next_orders(makegood: Makegood) -> Sequence[Order]:
    """What its customer ordered after it was given."""
    if makegood.order is None or not makegood.order.email or makegood.given_at is None:
        return []
    theirs = Order.objects.filter(
        email=makegood.order.email, placed_at__gt=makegood.given_at
    ).exclude(pk=makegood.order.pk)
    return list(theirs.order_by(F("placed_at"))[:10])
