"""Orders that were written are looked at again: their times are learned, their lateness judged.

Whatever writes an order leaves its number (`ToWeigh`) in the same transaction. A step takes some,
takes what was counted of them out of the sums, and counts them as they are now: killed anywhere,
it goes on where it was, and nothing is counted twice.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from makegood.parcels.journeys import Journey, journeys_of
from makegood.parcels.lanes import Lane, area_of, lengths_in, month_of, spread_from
from makegood.parcels.lengths import MOST
from makegood.parcels.models import Article, Learned, ToWeigh, Turn, Weighed
from makegood.parcels.stated import stated_dates
from makegood.parcels.sums import Sums
from makegood.shop.hearing import Parcels, Told, as_told, completed, minds_written_orders
from makegood.shop.models import Order

AT_ONCE = 250
Verdict, Clock = Weighed.Verdict, Learned.Clock


@minds_written_orders
def weigh_again(orders: Sequence[int]) -> None:
    """Let these orders be looked at again, in the caller's transaction."""
    ToWeigh.objects.bulk_create(ToWeigh(order=pk) for pk in orders)


def weigh_next() -> int:
    """One step of the worker: how many orders were weighed, or came due."""
    return weigh_some() or let_come_due(timezone.now())


def weigh_all() -> int:
    """Every order that waits, now; how many."""
    done = 0
    while some := weigh_some():
        done += some
    return done


@transaction.atomic
def weigh_some() -> int:
    """The next orders that wait; how many rows of theirs were worked off."""
    waiting = dict(ToWeigh.objects.order_by("pk").values_list("pk", "order")[:AT_ONCE])
    if not waiting:
        return 0
    Turn.objects.get_or_create(name="weighing")
    Turn.objects.select_for_update().get(name="weighing")
    waiting = dict(ToWeigh.objects.order_by("pk").values_list("pk", "order")[:AT_ONCE])
    ToWeigh.objects.filter(pk__in=list(waiting)).delete()
    _weigh(list(dict.fromkeys(waiting.values())))
    return len(waiting)


@transaction.atomic
def let_come_due(now: datetime) -> int:
    """What is due and not delivered is judged."""
    due = Weighed.objects.filter(verdict=Verdict.PENDING, due_at__lt=now).order_by("due_at")
    orders = list(due.values_list("order", flat=True)[:AT_ONCE])
    weigh_again(orders)
    return len(orders)


def _weigh(numbers: Sequence[int]) -> None:
    now = timezone.now()
    was = Weighed.objects.in_bulk(numbers)
    orders = list(
        Order.objects.filter(pk__in=numbers)
        .prefetch_related("lines", "shipments__scans")
        .order_by("placed_at", "pk")
    )
    rows = [_looked_at(*each, was) for each in zip(orders, _parcels(orders), strict=True)]
    _give_dates(rows)
    for order, row in zip(orders, rows, strict=True):
        row.verdict = verdict_of(row, order.standing == Order.Standing.CANCELLED, now)
    sums = Sums()
    for old in was.values():
        sums.count(old, -1)
    for row in rows:
        sums.count(row, 1)
    sums.write()
    Weighed.objects.filter(order__in=list(was)).delete()
    Weighed.objects.bulk_create(rows)
    _name_articles(orders)


def _parcels(orders: Sequence[Order]) -> Sequence[Parcels]:
    return completed(
        [Told(order=one.pk, shipments=tuple(map(as_told, one.shipments.all()))) for one in orders]
    )


def _looked_at(order: Order, parcels: Parcels, was: Mapping[int, Weighed]) -> Weighed:
    """What can be counted of an order; a date that was once foreseen stays."""
    journeys = journeys_of(parcels)
    before = was.get(order.pk)
    ends = [one.delivered_at for one in journeys]
    return Weighed(
        order=order.pk, shop=order.shop_id, day=order.placed_at.date(), country=order.country,
        area=area_of(order.address, order.country), method=order.method[:60],
        carrier=journeys[0].carrier if journeys else "", placed_at=order.placed_at,
        delivered_at=max(filter(None, ends)) if ends and all(ends) else None,
        parcels=[one.as_json() for one in journeys],
        skus=sorted({line.sku for line in order.lines.all() if line.sku}),
        due_at=before.due_at if before else None,
        is_stated=before.is_stated if before else False,
    )  # fmt: skip


def lane_of(row: Weighed, carrier: str) -> Lane:
    return Lane(
        shop=row.shop, carrier=carrier, method=row.method, country=row.country, area=row.area
    )


def _give_dates(rows: Sequence[Weighed]) -> None:
    """The date by which each should be there: stated, or else nine of ten by what was learned."""
    stated = stated_dates([row.order for row in rows])
    asked: dict[tuple[str, datetime], list[tuple[Weighed, datetime, tuple[str, ...]]]] = {}
    for row in rows:
        if row.order in stated:
            row.due_at, row.is_stated = stated[row.order], True
        elif row.due_at is None or row.is_stated:
            row.due_at, row.is_stated = None, False
            clock, begins, lane = _begins(row)
            month = datetime.combine(month_of(begins), datetime.min.time())
            asked.setdefault((clock, month), []).append((row, begins, lane.circles()))
    for (clock, month), some in asked.items():
        circles = {one for _row, _begins, lanes in some for one in lanes}
        known = lengths_in(circles, clock, month.date())
        for row, begins, lanes in some:
            found = spread_from(known, lanes)
            row.due_at = found.moment(MOST, begins, begins) if found else None


def _begins(row: Weighed) -> tuple[str, datetime, Lane]:
    """From when on an order's time is counted: its first label, or when it was placed."""
    labels = [one for one in map(Journey.from_json, row.parcels) if one.label_at]
    if not labels:
        return Clock.PLACED, row.placed_at, lane_of(row, "")
    first = min(labels, key=lambda one: one.label_at or row.placed_at)
    return Clock.LABEL, first.label_at or row.placed_at, lane_of(row, first.carrier)


def verdict_of(row: Weighed, is_cancelled: bool, now: datetime) -> Weighed.Verdict:
    """Late or not. What nobody sent, and what has no date, is not judged."""
    if is_cancelled or row.due_at is None:
        return Verdict.NONE
    if row.delivered_at is not None:
        return Verdict.LATE if row.delivered_at > row.due_at else Verdict.ON_TIME
    if now <= row.due_at:
        return Verdict.PENDING
    return Verdict.LATE if row.parcels or row.is_stated else Verdict.NONE


def _name_articles(orders: Sequence[Order]) -> None:
    titles = {line.sku: line.title for order in orders for line in order.lines.all() if line.sku}
    known = set(Article.objects.filter(sku__in=list(titles)).values_list("sku", flat=True))
    Article.objects.bulk_create(
        (Article(sku=sku, title=title) for sku, title in titles.items() if sku not in known),
        ignore_conflicts=True,
    )
