"""What others got for the same failure: the middle, from least to most, and how many."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from makegood.kit.money import Money
from makegood.makegoods.models import Makegood

State = Makegood.State
SINCE = timedelta(days=365)
ENOUGH = 5
"""Fewer say nothing of what is usual."""
MOST = 500
ALLOWED = (State.APPROVED, State.GIVEN, State.REDEEMED, State.EXPIRED)


@dataclass(frozen=True, kw_only=True)
class Others:
    """What was given to others, as part of what their order was worth, and in money."""

    count: int
    middle: Money
    least: Money
    most: Money
    quarter: Money
    three_quarters: Money

    def differs(self, money: Money) -> str:
        """`less` or `more`: outside of what the middle half of them got; empty otherwise."""
        if self.count < ENOUGH:
            return ""
        if money.minor < self.quarter.minor:
            return "less"
        return "more" if money.minor > self.three_quarters.minor else ""


def others(
    failure: str, currency: str, now: datetime, *, value: int = 0, remedy: str = "", but: int = 0
) -> Others | None:
    """What was given for a failure in the last year; of orders of like value, where it has one.

    `remedy` leaves out all others: a coupon is not held against a whole refund. `but` leaves out
    the make-good of that number.

    Like is from half to double: what makes up for a lamp does not make up for a house of them.
    """
    rows = Makegood.objects.filter(
        failure=failure, currency=currency, at__gte=now - SINCE, state__in=ALLOWED
    )
    rows = rows.exclude(pk=but)
    if remedy:
        rows = rows.filter(remedy=remedy)
    if value:
        rows = rows.filter(order__total_minor__gte=value // 2, order__total_minor__lte=value * 2)
    newest = rows.order_by("-at").values_list("face_minor", flat=True)[:MOST]
    given = sorted(newest)
    if not given:
        return None
    count = len(given)

    def money(minor: float) -> Money:
        return Money(round(minor), currency)

    return Others(
        count=count, middle=money(median(given)), least=money(given[0]), most=money(given[-1]),
        quarter=money(given[count // 4]), three_quarters=money(given[-(count // 4) - 1]),
    )  # fmt: skip
