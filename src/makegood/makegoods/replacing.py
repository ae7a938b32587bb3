"""A replacement names what is sent once more: worth what it was sold for, sent by the shop."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from makegood.errands.stakes import cost_of
from makegood.kit.errors import Refused
from makegood.kit.money import Money
from makegood.makegoods.models import Remedy
from makegood.shop.models import Line, Order
from makegood.team.gates import refuse_unless
from makegood.team.models import Agent

if TYPE_CHECKING:
    from makegood.makegoods.actions import Wish

RIGHTS = {Remedy.REFUND.value: "orders.refund", Remedy.COUPON.value: "orders.coupon"}
CHANGES = "orders.change"
Lines = Sequence[tuple[str, int]]
"""The shop's number of a line of the order, and how many of it."""


def right_for(remedy: str, lines: Lines = ()) -> str:
    """What a role must allow: what the shop does is a right of its own, from whichever page."""
    return CHANGES if lines else RIGHTS.get(remedy, "answer")


def refuse_unless_may_give(agent: Agent, remedy: str, lines: Lines = ()) -> None:
    """Raises `Refused` where their role does not allow it."""
    right = right_for(remedy, lines)
    if right != "answer":
        refuse_unless(agent, right)


def refuse_lines(wish: "Wish", order: Order | None) -> None:
    """Raises `Refused` unless this order holds what is named, and it is worth what is said."""
    if not wish.lines:
        return
    if wish.remedy != Remedy.REPLACEMENT:
        raise Refused(_("Articles are named where something is replaced."))
    bought = _bought(order)
    if any(not 0 < count <= getattr(bought.get(one), "quantity", 0) for one, count in wish.lines):
        raise Refused(_("This order does not hold so many of that article."))
    worth = worth_of(order, wish.lines)
    if worth is None or wish.face.minor != worth.minor:
        told = {"worth": worth}
        raise Refused(_("These articles were sold for %(worth)s: it is worth that.") % told)


def worth_of(order: Order | None, lines: Lines) -> Money | None:
    """What these articles were sold for, their discount taken off."""
    if order is None:
        return None
    bought = _bought(order)
    minor = sum(cost_of(bought[one], count) for one, count in lines if one in bought)
    return Money(minor, order.currency)


def named(order: Order | None, lines: Lines) -> str:
    """The articles in words, as the customer may read them."""
    bought = _bought(order)
    return ", ".join(f"{count} × {bought[one].title}" for one, count in lines if one in bought)


def _bought(order: Order | None) -> Mapping[str, Line]:
    return {} if order is None else {line.external_id: line for line in order.lines.all()}
