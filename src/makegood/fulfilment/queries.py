from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Q
from django.shortcuts import get_object_or_404

from makegood.fulfilment.causes import cause_of
from makegood.fulfilment.confirming import refusals_of
from makegood.fulfilment.due import CONFIRMED
from makegood.fulfilment.facts import PARTS, parcels_by_order
from makegood.fulfilment.models import Terms, TermsVersion
from makegood.kit.paging import Page, is_number, mark, moment_in, unmark
from makegood.promises.models import Promise
from makegood.promises.queries import promises_of_order, seen
from makegood.promises.shown import Shown, shown
from makegood.shop.models import Order
from makegood.team.models import Agent

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Promised:
    """One promise of an order, how it stands, and what is wrong where it is at risk."""

    one: Shown
    cause: str = ""

    @property
    def can_be_sent(self) -> bool:
        """Whether it is a word to the customer that nobody gave yet."""
        return self.one.promise.kind in CONFIRMED and not self.one.is_settled


def promised_of(order: Order, now: datetime) -> Sequence[Promised]:
    """All that is promised of one order, whose parcels are there already; the next due first."""
    promises = promises_of_order(order)
    return _promised(promises, {order.pk: order}, now) if promises else []


def at_risk(agent: Agent, after: str, now: datetime) -> Page[Promised]:
    """Orders whose promises are at risk or broken and not kept yet, the next due first."""
    running = Promise.objects.filter(settled_at=None, rests_since=None, order__isnull=False)
    rows = running.filter(seen(agent), _beyond(after), warn_at__lte=now)
    found = list(rows.select_related("owner", "cause", "conversation").order_by("due_at", "pk")
                 [: PAGE + 1])  # fmt: skip
    some = found[:PAGE]
    orders = _with_parcels([one.order_id or 0 for one in some])
    last = some[-1] if found[PAGE:] else None
    return Page(
        rows=_promised(some, orders, now),
        next=mark(last.due_at.isoformat(), last.pk) if last else "",
    )


def by_order(rows: Sequence[Promised]) -> Sequence[Sequence[Promised]]:
    """What stands together because it is of one order; the order whose turn is first, first."""
    found: dict[int, list[Promised]] = {}
    for row in rows:
        found.setdefault(row.one.promise.order_id or 0, []).append(row)
    return list(found.values())


def next_of_orders(orders: Sequence[Order], now: datetime) -> Mapping[int, Promised]:
    """Of each of these orders, what is due next and not kept yet."""
    if not orders:
        return {}
    running = Promise.objects.filter(order__in=orders, settled_at=None, rests_since=None)
    first: dict[int, Promise] = {}
    for promise in running.order_by("due_at", "pk"):
        first.setdefault(promise.order_id or 0, promise)
    if not first:
        return {}
    found = _promised(list(first.values()), _with_parcels(list(first)), now)
    return {one.one.promise.order_id or 0: one for one in found}


def _with_parcels(numbers: Sequence[int]) -> Mapping[int, Order]:
    rows = Order.objects.filter(pk__in=numbers).select_related("shop")
    return {one.pk: one for one in rows.prefetch_related(*PARTS)} if numbers else {}


def _promised(
    promises: Sequence[Promise], orders: Mapping[int, Order], now: datetime
) -> list[Promised]:
    parcels = parcels_by_order(list(orders.values()))
    told = [one.order_id or 0 for one in promises if one.kind in CONFIRMED and not one.is_settled]
    refused = refusals_of(told) if told else {}
    found = []
    for promise in promises:
        promise.order = orders[promise.order_id or 0]
        one = shown(promise, now)
        is_late = one.state in ("at-risk", "broken") and not one.is_settled
        refusal = refused.get((promise.order.pk, promise.kind), "")
        known = parcels[promise.order.pk]
        cause = cause_of(promise, known, now, refusal) if is_late else ""
        found.append(Promised(one=one, cause=cause))
    return found


def _beyond(after: str) -> Q:
    key = unmark(after, 2)
    at = moment_in(key[0]) if key else None
    if key is None or at is None or not is_number(key[1]):
        return Q()
    return Q(due_at__gte=at) & (Q(due_at__gt=at) | Q(pk__gt=key[1]))


def has_terms() -> Exists:
    """Whether anything is stated, as a part of a question."""
    return Exists(Terms.objects.all())


def every_terms() -> Sequence[TermsVersion]:
    """The newest version of all stated times, in the order in which they are asked."""
    rows = TermsVersion.objects.select_related("terms", "shop", "warehouse", "carrier")
    newest: dict[int, TermsVersion] = {}
    for row in rows.order_by("-number"):
        newest.setdefault(row.terms_id, row)
    return sorted(newest.values(), key=lambda one: (one.terms.position, one.terms_id))


def terms_numbered(pk: int) -> Terms:
    return get_object_or_404(Terms, pk=pk)


def newest_version(terms: Terms) -> TermsVersion:
    return terms.versions.order_by("-number")[0]
