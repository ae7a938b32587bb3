"""What becomes of the promises of orders when the shop or a carrier tells something of them.

What is promised of an order follows from how it stands: so after every news it is compared with
how it stands now, and whatever order the news come in, it ends the same. The shop's row is locked
by whoever writes orders: one at a time reckons.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from makegood.fulfilment.choosing import Book, book
from makegood.fulfilment.due import CONFIRMED, Dated, OrderFacts, dates_of
from makegood.fulfilment.facts import PARTS, facts_of, parcels_by_order
from makegood.fulfilment.models import Confirmation, TermsVersion
from makegood.ledger.actors import Named
from makegood.ledger.gathering import gathered
from makegood.promises import telling
from makegood.promises.models import Promise
from makegood.promises.standing import (
    Standing,
    break_if_due,
    keep,
    never_broke,
    stand_again,
    withdraw,
)
from makegood.shop.hearing import minds_written_orders
from makegood.shop.models import Order

Kind, State = Promise.Kind, Promise.State
KINDS = (Kind.ACKNOWLEDGED, Kind.PAID_CONFIRMED, Kind.SHIPPED, Kind.FIRST_SCAN, Kind.DELIVERED,
         Kind.REFUND_ARRIVED)  # fmt: skip


@minds_written_orders
def reckon_orders(numbers: Sequence[int]) -> None:
    """Let the promises of these orders follow what is known of them now."""
    stated = book() if numbers else None
    if stated is None:
        return
    rows = Order.objects.filter(pk__in=numbers).select_related("shop").order_by("pk")
    orders = list(rows.prefetch_related(*PARTS))
    parcels, there = parcels_by_order(orders), _promises_of(orders)
    confirmed = confirmed_at(orders) if stated.confirms() else {}
    now = timezone.now()
    with gathered():
        for order in orders:
            facts = facts_of(order, parcels[order.pk], confirmed.get(order.pk))
            Matter(order, facts, there[order.pk], stated, now).reckon()


def confirmed_at(orders: Sequence[Order]) -> Mapping[int, Mapping[str, datetime]]:
    """When the customers of these orders were told of what."""
    found: dict[int, dict[str, datetime]] = defaultdict(dict)
    rows = Confirmation.objects.filter(order__in=orders).exclude(how=Confirmation.How.REFUSED)
    for order, kind, at in rows.values_list("order", "kind", "at"):
        found[order][kind] = at
    return found


def _promises_of(orders: Sequence[Order]) -> Mapping[int, dict[str, Promise]]:
    found: dict[int, dict[str, Promise]] = defaultdict(dict)
    rows = Promise.objects.select_for_update(of=("self",)).filter(
        order__in=orders, conversation=None, kind__in=KINDS
    )
    for promise in rows.order_by("pk"):
        found[promise.order_id or 0][promise.kind] = promise
    return found


class Matter:
    """One order as it stands now, and what was promised of it."""

    def __init__(
        self, order: Order, facts: OrderFacts, there: dict[str, Promise], stated: Book,
        now: datetime,
    ) -> None:  # fmt: skip
        self.order, self.there, self.now = order, there, now
        self.facts = facts
        self.version = self._version(stated)
        self.stated = stated

    def _version(self, stated: Book) -> TermsVersion | None:
        """A promise keeps the version it was made under, as long as that fits the order."""
        under = (stated.still(one.made_by, self.order) for one in self.there.values())
        return next((one for one in under if one), None) or stated.version_for(self.order)

    def reckon(self) -> None:
        wanted: dict[str, Dated] = {}
        if self.version is not None:
            stated = self.stated.stated(self.version, self.order)
            wanted = {one.kind: one for one in dates_of(self.facts, stated)}
        for kind, dated in wanted.items():
            promise = self.there.get(kind) or self._made(dated)
            if promise is not None:
                self._follow(promise, dated)
        for kind, promise in self.there.items():
            if kind not in wanted and not promise.is_settled:
                self._withdraw(promise, "otherwise")

    def _made(self, dated: Dated) -> Promise | None:
        """A new promise; none of what was over long ago, or of what nobody wants any more."""
        version = self.version
        if version is None or self._is_over(dated):
            return None
        if dated.kind in CONFIRMED and dated.since < version.published_at:
            return None  # its customer was told of it, or not, when nobody had promised that
        if dated.due_at < self.now - timedelta(days=version.looks_back):
            return None
        promise = Promise(
            kind=dated.kind, order=self.order, is_kept_by_writing=False, made_by=version.ref,
            made_at=self.now, since=dated.since, clock=Promise.Clock.ALWAYS, due_at=dated.due_at,
        )  # fmt: skip
        Standing(promise, None).reckon()
        promise.save()
        telling.made(promise, by=Named(version.ref, version.terms.name))
        return promise

    def _follow(self, promise: Promise, dated: Dated) -> None:
        before = _image(promise)
        self._count_again(promise, dated)
        if dated.done_at is not None:
            self._keep(promise, dated.done_at)
        elif self._is_over(dated):
            self._withdraw(promise, "cancelled")
        else:
            self._stand(promise)
        _answer_for_the_break(promise)
        if _image(promise) != before:
            promise.save()

    def _is_over(self, dated: Dated) -> bool:
        """Nothing is sent of what was cancelled; money is to go back all the same."""
        is_money = dated.kind == Kind.REFUND_ARRIVED
        return self.facts.is_cancelled and dated.done_at is None and not is_money

    def _count_again(self, promise: Promise, dated: Dated) -> None:
        """Counted from another moment or by other times; a date that was told stays else."""
        version = self.version
        is_same = version is None or version.ref == promise.made_by
        if is_same and promise.since == dated.since:
            return
        due_before = promise.due_at
        promise.since, promise.due_at = dated.since, dated.due_at
        promise.made_by = version.ref if version else promise.made_by
        if promise.is_settled:
            stand_again(promise)
        promise.state, promise.warned_at = State.OPEN, None
        promise.broken_at = promise.asks_since = None
        Standing(promise, None).reckon()
        if due_before != promise.due_at:
            telling.moves(promise, due_before, "order", by=telling.CLOCK, at=self.now)

    def _keep(self, promise: Promise, at: datetime) -> None:
        """It was done then, whenever we hear of it; an earlier scan that comes later counts."""
        late = at > promise.due_at
        said = State.LATE if late else State.KEPT
        if promise.state == said and promise.settled_at == at:
            return
        was = promise.state
        if promise.is_settled:
            stand_again(promise)
        if break_if_due(promise, at):
            telling.broken(promise)
        late_by = keep(promise, at, self.order.ref)
        if was != said:
            telling.keeps(promise, by=telling.CLOCK, late_by=late_by)

    def _stand(self, promise: Promise) -> None:
        """What kept it, or let it go, is not so any more."""
        if promise.is_settled:
            stand_again(promise)
            telling.reopened(promise, self.now)
        if break_if_due(promise, self.now):
            telling.broken(promise)
        Standing(promise, None).look()

    def _withdraw(self, promise: Promise, reason: str) -> None:
        if promise.is_settled and promise.reason == reason:
            return
        if promise.is_settled:
            stand_again(promise)
        if break_if_due(promise, self.now):
            telling.broken(promise)
        withdraw(promise, self.now, reason)
        promise.save()
        telling.withdrawn(promise, self.now)


def _answer_for_the_break(promise: Promise) -> None:
    """What somebody said of a break stays said, as long as it is broken however it is counted."""
    if promise.broken_at is None:
        never_broke(promise)
    elif promise.cause_id is not None:
        promise.asks_since = None


def _image(promise: Promise) -> Sequence[object]:
    return [getattr(promise, one.attname) for one in Promise._meta.concrete_fields]
