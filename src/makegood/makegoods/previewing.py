"""What a draft would have given: over the promises that broke, with what it would have cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from makegood.customers.models import Handle
from makegood.kit.money import Money
from makegood.makegoods.models import History
from makegood.makegoods.policy import VALUED_FROM, Table, suggested
from makegood.promises.models import Promise
from makegood.shop.models import Order

SINCE = timedelta(days=90)
MOST = 500
OF_ANSWERS = (
    "first_answer", "next_answer", "resolution", "personal", "call_back", "back_in_stock",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """One failure as the table would have met it."""

    conversation: int | None
    at: datetime
    failure: str
    order: Order | None
    remedy: str
    least: Money
    most: Money


@dataclass(frozen=True, kw_only=True)
class Preview:
    """All of them, and the sum of the first remedy of each."""

    rows: Sequence[Foreseen]
    unmet: int
    is_cut: bool
    least: Money
    most: Money


def preview(table: Table, now: datetime) -> Preview:
    """Each promise that broke within ninety days, by the first remedy that the table names."""
    broken = Promise.objects.filter(broken_at__gte=now - SINCE).select_related(
        "conversation", "order"
    )
    newest = list(broken.order_by("-broken_at")[: MOST + 1])
    bought = _orders_of(newest[:MOST])
    rows, unmet = [], 0
    for promise in newest[:MOST]:
        one = _foresee(promise, bought, table)
        unmet += one is None
        rows += [one] if one else []
    return Preview(
        rows=rows, unmet=unmet, is_cut=len(newest) > MOST,
        least=Money(sum(one.least.minor for one in rows), table.currency),
        most=Money(sum(one.most.minor for one in rows), table.currency),
    )  # fmt: skip


def _foresee(promise: Promise, bought: "dict[int, list[Order]]", table: Table) -> Foreseen | None:
    failure = "answer" if promise.kind in OF_ANSWERS else "late"
    at = promise.broken_at or promise.due_at
    before = [one for one in _theirs(promise, bought) if one.placed_at <= at]
    order = next((one for one in before if one.currency == table.currency), None)
    found = suggested(table, failure, order.total_minor if order else 0, _history(len(before)))
    if not found or (order is None and not found[0].most.minor):
        return None
    first = found[0]
    return Foreseen(
        conversation=promise.conversation_id, at=at, failure=failure,
        order=order, remedy=first.name, least=first.least, most=first.most,
    )  # fmt: skip


def _theirs(promise: Promise, bought: "dict[int, list[Order]]") -> "Sequence[Order]":
    """What whom it was given to bought, newest first; of a promise of an order, that order."""
    if promise.conversation is not None:
        return bought.get(promise.conversation.customer_id, [])
    return [promise.order] if promise.order is not None else []


def _history(count: int) -> str:
    if count == 0:
        return History.ANY
    if count == 1:
        return History.FIRST
    return History.VALUED if count >= VALUED_FROM else History.RETURNING


def _orders_of(promises: Sequence[Promise]) -> "dict[int, list[Order]]":
    """What their customers bought, newest first, by the customer's number."""
    people = {one.conversation.customer_id for one in promises if one.conversation is not None}
    handles = Handle.objects.filter(customer__in=people, kind="email")
    whose = dict(handles.values_list("address", "customer"))
    found: dict[int, list[Order]] = {}
    orders = Order.objects.filter(email__in=[one for one in whose if one])
    for order in orders.order_by("-placed_at"):
        found.setdefault(whose[order.email], []).append(order)
    return found
