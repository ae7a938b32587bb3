"""What stated times would have promised of the last orders, and how that would have gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from makegood.fulfilment.choosing import booked, fits
from makegood.fulfilment.due import CONFIRMED, dates_of
from makegood.fulfilment.facts import PARTS, facts_of, parcels_by_order
from makegood.fulfilment.models import TermsVersion
from makegood.promises.models import Promise
from makegood.shop.models import Order

MOST = 200


@dataclass(kw_only=True)
class Outcome:
    """Of one kind of promise: how many were kept, kept late, broken, and are open still."""

    name: str
    kept: int = 0
    late: int = 0
    broken: int = 0
    open: int = 0


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What came of the last orders by these times."""

    looked_at: int
    fitting: int
    outcomes: Sequence[Outcome]


def preview(version: TermsVersion, now: datetime) -> Preview:
    """By a version that need not be saved; what was cancelled is left out."""
    rows = Order.objects.exclude(standing=Order.Standing.CANCELLED).order_by("-pk")
    orders = list(rows.select_related("shop").prefetch_related(*PARTS)[:MOST])
    there = [one for one in orders if fits(version, one)]
    parcels, stated = parcels_by_order(there), booked([version])
    outcomes: dict[str, Outcome] = {}
    for order in there:
        facts = facts_of(order, parcels[order.pk])
        for dated in dates_of(facts, stated.stated(version, order)):
            if dated.kind in CONFIRMED:
                continue  # nobody wrote down yet whether the shop told its customers
            name = str(Promise.Kind(dated.kind).label)
            outcome = outcomes.setdefault(dated.kind, Outcome(name=name))
            if dated.done_at is not None:
                outcome.kept += dated.done_at <= dated.due_at
                outcome.late += dated.done_at > dated.due_at
            else:
                outcome.broken += dated.due_at < now
                outcome.open += dated.due_at >= now
    return Preview(looked_at=len(orders), fitting=len(there), outcomes=list(outcomes.values()))
