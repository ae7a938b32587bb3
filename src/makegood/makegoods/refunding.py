"""No more goes back than was paid: refunds of every kind are counted together."""

from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from makegood.errands.models import Errand
from makegood.errands.stakes import UNSETTLED, knows_refunds
from makegood.kit.errors import Refused
from makegood.kit.money import Money
from makegood.makegoods.holding import KEY, number_in
from makegood.makegoods.models import Makegood, Remedy
from makegood.shop.models import Order

State = Makegood.State
OF_THE_CASE = (State.OFFERED, State.APPROVED, State.GIVEN, State.REDEEMED)

HAD = (State.GIVEN, State.REDEEMED)


def refuse_refund(order: Order | None, face: Money) -> None:
    """Raises `Refused` where it is more than is left of what was paid."""
    if order is None:
        raise Refused(_("A refund is of an order: choose which."))
    if _promised(order) + face.minor > order.total_minor:
        raise Refused(_("That is more than was paid for this order."))


def refuse_what_grew(makegood: Makegood) -> None:
    """It waited for a yes, and others were paid back meanwhile. Raises `Refused`."""
    if makegood.remedy == Remedy.REFUND and makegood.order is not None:
        refuse_refund(makegood.order, Money(0, makegood.currency))


def _promised(order: Order) -> int:
    """What makes up for something, what the shop was asked for besides, and what it tells of."""
    ours = Makegood.objects.filter(order=order, remedy=Remedy.REFUND, state__in=OF_THE_CASE)
    others = _sum(_asked(order).exclude(key__startswith=KEY), "minor")
    by_hand = _sum(ours.filter(state__in=HAD), "face_minor")
    return others + _sum(ours, "face_minor") + max(0, _told_besides(order) - by_hand)


@knows_refunds
def promised_without_an_errand(order: Order, key: str) -> int:
    """Of make-goods that the shop was not asked for, or was and did not do it."""
    ours = Makegood.objects.filter(order=order, remedy=Remedy.REFUND, state__in=OF_THE_CASE)
    asked = {*_asked(order).filter(key__startswith=KEY).values_list("key", flat=True), key}
    left = ours.exclude(pk__in=[number_in(one) for one in asked])
    by_hand = _sum(left.filter(state__in=HAD), "face_minor")
    return _sum(left.exclude(state__in=HAD), "face_minor") + max(0, by_hand - _told_besides(order))


def _asked(order: Order) -> "QuerySet[Errand]":
    """Refunds that the shop did, or still may do."""
    state = (*UNSETTLED, Errand.State.DONE)
    return order.errands.filter(what=Errand.What.REFUND, currency=order.currency, state__in=state)


def _told_besides(order: Order) -> int:
    """What the shop tells of under numbers that we do not know: done there, by a person."""
    known = _asked(order).exclude(external_id="").values_list("external_id", flat=True)
    seen = order.refunds.filter(currency=order.currency).exclude(external_id__in=known)
    return _sum(seen, "amount_minor")


def _sum(rows: "QuerySet[Any]", column: str) -> int:
    return int(rows.aggregate(all=Sum(column))["all"] or 0)
