"""The worker's look over what is due: a few orders at a time, by the times they are promised for.

A step is one short transaction behind the row of `Round`: killed anywhere, it goes on where it
was. What was found already is looked at before: what went away by itself is closed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from makegood.ahead.causes import QUIET, Found, Matter, found_in
from makegood.ahead.events import SlipClosed, SlipFound
from makegood.ahead.models import Round, Slip, Telling
from makegood.ahead.recalling import take_back_what_ended
from makegood.ahead.silence import silent_tellings
from makegood.fulfilment.facts import PARTS, parcels_by_order
from makegood.kit.paging import is_number, mark, moment_in, unmark
from makegood.ledger.actions import record
from makegood.ledger.actors import System
from makegood.ledger.gathering import gathered
from makegood.parcels.models import Weighed
from makegood.promises.models import Promise
from makegood.shop.goods import short_orders
from makegood.shop.models import Order

HOUSE = System("ahead")
AT_ONCE = 40
REST = timedelta(minutes=5)
LOOKS_AHEAD, LOOKS_BACK = timedelta(days=14), timedelta(days=45)
STREAMS = ("slips", "letters", "told", "promises", "orders", "short")
NIGHT = timedelta(days=2)
"""No letter waits longer for its morning."""
State = Slip.State
Key = tuple[datetime, int]


def look_for_slips() -> int:
    """One step of the worker: how many orders were looked at."""
    now = timezone.now()
    return sum(_step(name, now) for name in STREAMS)


def look_at_everything(now: datetime) -> None:
    """All steps of one round, now."""
    Round.objects.update(next_at=None)
    for name in STREAMS:
        while _step(name, now):
            pass


@transaction.atomic
def _step(name: str, now: datetime) -> int:
    if not Round.objects.filter(name=name).exists():
        Round.objects.bulk_create([Round(name=name)], ignore_conflicts=True)
    waits = Q(next_at=None) | Q(next_at__lte=now)
    rows = Round.objects.select_for_update(skip_locked=True).filter(waits, name=name)
    turn = rows.first()
    if turn is None:
        return 0
    found, last = _some(name, turn.after, now)
    look_at(found, now)
    turn.after = mark(last[0].isoformat(), last[1]) if last else ""
    if last is None:
        turn.next_at, turn.ended_at = now + REST, now
    turn.save()
    return len(found) if last else 0


def _some(name: str, after: str, now: datetime) -> tuple[Sequence[int], Key | None]:
    """The next orders of a stream, and behind which to go on; None at its end."""
    key = unmark(after, 2)
    at = moment_in(key[0]) if key else None
    behind = (at, key[1]) if key and at and is_number(key[1]) else None
    if name == "slips":
        rows = Slip.objects.filter(state=State.FOUND, pk__gt=behind[1] if behind else 0)
        found = [(now, pk, order) for pk, order in
                 rows.order_by("pk").values_list("pk", "order")[:AT_ONCE]]  # fmt: skip
    elif name == "letters":
        letters = Telling.objects.standing().filter(at__gt=now - NIGHT)
        letters = letters.filter(
            message__delivery_state="queued", pk__gt=behind[1] if behind else 0
        )
        found = [(now, pk, order) for pk, order in
                 letters.order_by("pk").values_list("pk", "order")[:AT_ONCE]]  # fmt: skip
    elif name == "told":
        told = Telling.objects.standing().filter(at__gt=now - LOOKS_BACK, at__lte=now - QUIET)
        told = told.filter(pk__gt=behind[1] if behind else 0)
        found = [(now, pk, order) for pk, order in
                 told.order_by("pk").values_list("pk", "order")[:AT_ONCE]]  # fmt: skip
    elif name == "promises":
        running = Promise.objects.filter(settled_at=None, rests_since=None, order__isnull=False)
        found = _timed(running, "pk", "order", behind, now)
    elif name == "short":
        return _short(behind[1] if behind else 0, now)
    else:
        pending = Weighed.objects.filter(verdict=Weighed.Verdict.PENDING)
        found = _timed(pending, "order", "order", behind, now)
    last = (found[-1][0], found[-1][1]) if len(found) == AT_ONCE else None
    return [one[2] for one in found], last


def _short(after: int, now: datetime) -> tuple[Sequence[int], Key | None]:
    """Orders of which more was sold than there is."""
    numbers = list(dict.fromkeys(one.order.pk for one in short_orders(after, AT_ONCE)))
    return numbers, (now, numbers[-1]) if numbers else None


def _timed(
    rows: QuerySet[Any], key: str, order: str, behind: Key | None, now: datetime
) -> list[tuple[datetime, int, int]]:
    rows = rows.filter(due_at__gt=now - LOOKS_BACK, due_at__lt=now + LOOKS_AHEAD)
    if behind is not None:
        beyond = Q(due_at__gt=behind[0]) | Q(due_at=behind[0], **{f"{key}__gt": behind[1]})
        rows = rows.filter(beyond, due_at__gte=behind[0])
    return list(rows.order_by("due_at", key).values_list("due_at", key, order)[:AT_ONCE])


@transaction.atomic
def look_at(numbers: Sequence[int], now: datetime) -> None:
    """Let what slips of these orders be as it is now."""
    rows = Order.objects.filter(pk__in=set(numbers)).select_related("shop").order_by("pk")
    orders = list(rows.prefetch_related("lines", *PARTS))
    if not orders:
        return
    parcels, promises = parcels_by_order(orders), _promises_of(orders)
    unanswered = silent_tellings(orders)
    there: dict[int, dict[tuple[str, str], Slip]] = defaultdict(dict)
    held = Slip.objects.select_for_update().filter(order__in=orders)
    for slip in held.order_by("pk"):
        there[slip.order_id][slip.part, slip.cause] = slip
    with gathered():
        for order in orders:
            matter = Matter(
                order=order, parcels=parcels[order.pk], promises=promises[order.pk], now=now,
                told=unanswered.get(order.pk, ()),
            )  # fmt: skip
            _follow(order, found_in(matter), there[order.pk], now)


def _promises_of(orders: Sequence[Order]) -> Mapping[int, dict[str, Promise]]:
    found: dict[int, dict[str, Promise]] = defaultdict(dict)
    rows = Promise.objects.filter(order__in=orders, settled_at=None, rests_since=None)
    for promise in rows.order_by("pk"):
        found[promise.order_id or 0][promise.kind] = promise
    return found


def _follow(
    order: Order, found: Sequence[Found], there: Mapping[tuple[str, str], Slip], now: datetime
) -> None:
    for one in found:
        slip = there.get((one.part, one.cause))
        if slip is None or slip.state == State.CLOSED:
            _find(order, one, slip, now)
    holds = {(one.part, one.cause) for one in found}
    for key, slip in there.items():
        if slip.state == State.FOUND and key not in holds:
            slip.state, slip.ended_at = State.CLOSED, now
            slip.save(update_fields=["state", "ended_at"])
            record(SlipClosed(number=order.number, cause=slip.cause), about=[slip, order], by=HOUSE)
    told = {slip.cause for slip in there.values() if slip.state == State.TOLD}
    take_back_what_ended(order, told, {cause for _part, cause in holds}, now, by=HOUSE)


def _find(order: Order, one: Found, slip: Slip | None, now: datetime) -> None:
    """New, or it came back after it had gone away."""
    slip = slip or Slip(order=order, part=one.part, cause=one.cause)
    slip.state, slip.found_at, slip.ended_at = State.FOUND, now, None
    slip.carrier, slip.since, slip.due_at = one.carrier[:60], one.since, one.due_at
    slip.save()
    fact = SlipFound(number=order.number, cause=one.cause, part=one.part)
    record(fact, about=[slip, order], by=HOUSE)
