from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404

from makegood.errands.actions import NEEDS
from makegood.errands.models import Errand
from makegood.shop.connecting import abilities_of, connection_of, lacking
from makegood.shop.connectors.interface import Ability
from makegood.shop.models import Order
from makegood.team.models import Agent

MOST = 20


def errands_of(order: Order) -> Sequence[Errand]:
    """What was asked for an order, the newest first."""
    return list(order.errands.select_related("agent").order_by("-pk")[:MOST])


def errand_for(agent: Agent, pk: int) -> Errand:
    """An errand for whoever may do such things, or 404."""
    found = Errand.objects.select_related("order", "shop").filter(pk=pk).first()
    if found is None or not may_ask(agent, Ability(found.what)):
        raise Http404
    return found


def may_ask(agent: Agent, what: Ability) -> bool:
    """Whether their role lets an agent ask a shop for such things."""
    return agent.may(NEEDS.get(what, "orders.change"))


def offered(agent: Agent, order: Order) -> Sequence[Ability]:
    """What this agent can ask for this order: what its shop can, or by hand what shops do."""
    is_over = order.standing == Order.Standing.CANCELLED
    able = abilities_of(order.shop) or frozenset(Ability)
    return [
        one
        for one in Ability
        if one in able and may_ask(agent, one) and not (is_over and one == Ability.CANCEL)
    ]


@dataclass(frozen=True, kw_only=True)
class NotOffered:
    """What a shop is not asked for: for want of a right, or because such shops never can.

    The latter is noted, and a person does it there.
    """

    rights: Sequence[Ability]
    by_hand: Sequence[Ability]


def not_offered(agent: Agent, order: Order) -> NotOffered:
    """Why some acts are missing; nothing of a shop for which everything is done by hand."""
    able, lacks = abilities_of(order.shop), lacking(connection_of(order.shop))
    theirs = [one for one in Ability if able and one not in able and may_ask(agent, one)]
    is_over = order.standing == Order.Standing.CANCELLED
    never = [one for one in theirs if one not in lacks]
    return NotOffered(
        rights=[one for one in theirs if one in lacks],
        by_hand=[one for one in never if not (is_over and one == Ability.CANCEL)],
    )


def goes_by_itself(order: Order, what: Ability) -> bool:
    """Whether the shop is asked by us; else a person does it there."""
    return what in abilities_of(order.shop)


def is_connected(order: Order) -> bool:
    return bool(abilities_of(order.shop))
