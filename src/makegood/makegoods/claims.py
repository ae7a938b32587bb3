"""Whether somebody claims more than others: signs, and what speaks against them; no verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makegood.makegoods.models import Makegood
from makegood.shop.models import Order

State = Makegood.State
SINCE = timedelta(days=365)
COUNTED = (State.OFFERED, State.APPROVED, State.GIVEN, State.REDEEMED, State.EXPIRED)
FEW = 3
"""Make-goods within a year that anybody may come to."""
TIMES = 3
"""How much oftener than customers who ordered about as much."""
PROVED = ("late", "lost", "stock")
"""Failures that the shop's own facts tell of, whoever says so."""


@dataclass(frozen=True, kw_only=True)
class Signs:
    """What may be looked at, and what speaks for the customer."""

    reasons: Sequence[str]
    against: Sequence[str]


def signs(emails: Sequence[str], now: datetime) -> Signs | None:
    """What is unusual about the claims under these addresses; None where nothing is."""
    theirs = [address for address in emails if address]
    if not theirs:
        return None
    mine = Makegood.objects.filter(order__email__in=theirs, at__gte=now - SINCE, state__in=COUNTED)
    count = mine.count()
    orders = Order.objects.filter(email__in=theirs, placed_at__gte=now - SINCE).count()
    reasons = [*_often(count, orders, now), *_shared(theirs, now)]
    if not reasons:
        return None
    return Signs(reasons=reasons, against=_for_them(mine, count, orders, theirs))


def _often(count: int, orders: int, now: datetime) -> list[str]:
    """Against those who ordered about as often: from half as many orders to twice as many."""
    if count <= FEW or not orders:
        return []
    share, usual = count / orders, _usual(orders, now)
    if share <= TIMES * usual:
        return []
    words = _(
        "%(count)s make-goods for %(orders)s orders within a year; customers who order about as "
        "often had %(usual)s in a hundred orders."
    )
    return [words % {"count": count, "orders": orders, "usual": round(100 * usual, 1)}]


def _usual(orders: int, now: datetime) -> float:
    placed = Order.objects.filter(placed_at__gte=now - SINCE).exclude(email="")
    alike = placed.values("email").annotate(n=Count("pk")).order_by()
    alike = alike.filter(n__gte=max(1, orders // 2), n__lte=orders * 2)
    addresses, bought = [], 0
    for row in alike[:2000]:
        addresses.append(row["email"])
        bought += row["n"]
    given = 0
    for start in range(0, len(addresses), 500):
        some = addresses[start : start + 500]
        given += Makegood.objects.filter(
            order__email__in=some, at__gte=now - SINCE, state__in=COUNTED
        ).count()
    return given / bought if bought else 0.0


def _shared(theirs: Sequence[str], now: datetime) -> list[str]:
    """The same postal address under other names, with make-goods of their own."""
    places = set(
        Order.objects.filter(email__in=theirs).exclude(address="").values_list("address", flat=True)
    )
    if not places:
        return []
    others = Makegood.objects.filter(
        order__address__in=list(places)[:20], at__gte=now - SINCE, state__in=COUNTED
    ).exclude(order__email__in=theirs)
    people = others.values("order__email").distinct().count()
    if not people:
        return []
    words = ngettext(
        "%(n)s other customer with the same postal address had make-goods, too.",
        "%(n)s other customers with the same postal address had make-goods, too.",
        people,
    )
    return [words % {"n": people}]


def _for_them(mine: object, count: int, orders: int, theirs: Sequence[str]) -> list[str]:
    """What speaks for the customer: always said beside the signs."""
    said = []
    proved = mine.filter(failure__in=PROVED).count()  # type: ignore[attr-defined]
    if proved:
        words = _("%(n)s of their %(all)s make-goods were for what our own records tell of.")
        said.append(words % {"n": proved, "all": count})
    offered = mine.filter(reason_ref__startswith="promise:").count()  # type: ignore[attr-defined]
    if offered:
        words = _("%(n)s were for promises of ours that broke.")
        said.append(words % {"n": offered})
    if orders > count:
        words = _("%(n)s of their orders went without one.")
        said.append(words % {"n": orders - count})
    said.append(_("People in one house order separately, and parcels get lost in one street."))
    return said
