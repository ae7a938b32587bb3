"""The steps of a file of orders: look at some lines, bring some orders in, take some out.

A step is one short transaction that leaves everything right: killed anywhere, it goes on where
it was, and no order is brought in twice. What was not looked at yet is read from the file.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby, islice
from math import inf
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.utils import timezone
from django.utils.translation import override

from makegood.files.leaving import let_go
from makegood.kit.errors import Refused
from makegood.kit.sheets import rows_in, said
from makegood.kit.text import one_line
from makegood.ledger.actions import record
from makegood.shop.actions import put_orders, tell_of
from makegood.shop.crediting import put_credit, take_credit_out
from makegood.shop.events import ImportTakenOut, OrdersImported
from makegood.shop.hearing import were_written
from makegood.shop.importing import Where, check_line, quantity_of, seen_in
from makegood.shop.models import ImportLine, ImportRun, ImportTrouble, Order, Refund
from makegood.shop.runs import file_of, lock_run
from makegood.shop.seen import CreditSeen, OrderSeen

AT_ONCE = 1000
OUT_AT_ONCE = 100
MOST_OF_ONE_ORDER = 10_000
MOST_LINES = 2_000_000
LASTS = 10.0
"""Seconds of one turn from its first step on; between its steps others may write."""
BREATH = 0.25
UNBEGUN_FOR = timedelta(days=14)

State = ImportRun.State


def bring_next_orders_in() -> int:
    """One turn of the file that has waited longest; how many steps it made."""
    under_way = ImportRun.objects.filter(state__in=[State.LOOKING, State.RUNNING, State.UNDOING])
    pk = under_way.order_by("worked_at").values_list("pk", flat=True).first()
    if pk is None:
        return throw_unbegun_away(timezone.now())
    return sum(1 for _step in _turn(pk, LASTS))


def work_off(pk: int) -> None:
    """Every step of one file, now."""
    while any(list(_turn(pk, inf, rest=0))):
        pass


def _turn(pk: int, lasts: float, rest: float = BREATH) -> Iterator[int]:
    """Step by step, as long as there is something to do and the turn lasts."""
    until: float | None = None
    run = ImportRun.objects.select_related("agent", "shop", "file").get(pk=pk)
    with override(run.agent.language or None):
        steps = _looks(run) if run.state == State.LOOKING else _works(pk)
        begun = time.monotonic()
        for some in steps:
            yield some
            time.sleep((time.monotonic() - begun) * rest)
            begun = time.monotonic()
            until = begun + lasts if until is None else until
            if begun > until:
                return


def where_of(run: ImportRun) -> Where:
    return Where(
        currency=run.shop.currency, zone=ZoneInfo(run.shop.time_zone), told_at=run.at,
        columns=frozenset(run.matched),
    )  # fmt: skip


# Looking


def _looks(run: ImportRun) -> Iterator[int]:
    """The lines behind those that were looked at already, a thousand at a time."""
    where = where_of(run)
    try:
        with file_of(run) as stream:
            rows = (row for row in islice(rows_in(stream), 1, None) if row[0] > run.read_to)
            while some := list(islice(rows, AT_ONCE)):
                if not _look_at(run, some, where):
                    return
                yield len(some)
            if _looked(run):
                yield 0
    except Refused as why:
        _fail(run.pk, str(why))


@transaction.atomic
def _look_at(run: ImportRun, rows: Sequence[tuple[int, Sequence[str]]], where: Where) -> bool:
    """Keep what can be an order's, refuse the rest; whether it is still asked for."""
    fresh = lock_run(run.pk)
    if fresh.state != State.LOOKING or fresh.matched != run.matched:
        return False
    kept, refused = [], []
    for number, cells in rows:
        words = said(run.matched, cells)
        try:
            key = check_line(words, where)
            kept.append(ImportLine(run=fresh, key=key, number=number, said=words))
        except Refused as why:
            refused.append(ImportTrouble(run=fresh, number=number, reason=str(why)[:250]))
    ImportLine.objects.bulk_create(kept)
    ImportTrouble.objects.bulk_create(refused)
    counts = Counter(fresh.counts) + Counter(lines=len(rows), refused=len(refused))
    fresh.counts, fresh.read_to, fresh.worked_at = dict(counts), rows[-1][0], timezone.now()
    if fresh.counts["lines"] > MOST_LINES:
        fresh.state = State.FAILED
    fresh.save(update_fields=["counts", "read_to", "worked_at", "state"])
    return fresh.state == State.LOOKING


@transaction.atomic
def _looked(run: ImportRun) -> bool:
    fresh = lock_run(run.pk)
    if fresh.state != State.LOOKING or fresh.matched != run.matched:
        return False
    orders = fresh.lines.values("key").distinct().count()
    fresh.counts, fresh.state = {**fresh.counts, "orders": orders}, State.LOOKED
    fresh.worked_at = timezone.now()
    fresh.save(update_fields=["counts", "state", "worked_at"])
    return True


def _fail(pk: int, why: str) -> None:
    ImportRun.objects.filter(pk=pk, state=State.LOOKING).update(
        state=State.FAILED, trouble=why[:250], worked_at=timezone.now()
    )


# Bringing in and taking out


def _works(pk: int) -> Iterator[int]:
    while some := step(pk):
        yield some


@transaction.atomic
def step(pk: int) -> int:
    """The next few orders; how many steps were made: none where it is over."""
    run = lock_run(pk)
    doing = {State.RUNNING: _bring, State.UNDOING: _take_out}
    if run.state not in doing:
        return 0
    counts = doing[State(run.state)](run)
    run.counts = dict(Counter(run.counts) + counts)
    run.worked_at = timezone.now()
    run.save(
        update_fields=["state", "counts", "worked_at", "done_key", "is_at_credits"]
    )  # fmt: skip
    if run.state in (State.DONE, State.UNDONE):
        _tell_end(run)
    return 1


def _bring(run: ImportRun) -> Counter[str]:
    lines = _next_lines(run)
    if not lines and not run.is_at_credits:
        run.is_at_credits, run.done_key = True, ""
        lines = _next_lines(run)
    if not lines:
        run.state = State.DONE
        return Counter()
    counts: Counter[str] = Counter()
    orders = list[OrderSeen]()
    where = where_of(run)
    for key, together in groupby(lines, key=lambda line: line.key):
        of_one = list(together)
        if not run.is_at_credits and _gives_back(of_one):
            run.lines.filter(pk__in=[line.pk for line in of_one]).update(is_credit=True)
            continue
        try:
            seen = seen_in(key, [line.said for line in of_one], where)
        except Refused as why:
            _refuse(run, of_one, str(why))
            counts["rejected"] += 1
            continue
        if isinstance(seen, CreditSeen):
            counts["credited" if put_credit(run.shop, seen, run) else "kept"] += 1
        else:
            orders.append(seen)
    counts += _put(run, orders)
    counts["done_lines"] += len(lines)
    run.done_key = lines[-1].key
    done = run.lines.filter(pk__in=[line.pk for line in lines], is_credit=run.is_at_credits)
    done.delete()
    return counts


def _put(run: ImportRun, orders: Sequence[OrderSeen]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for put in put_orders(run.shop, orders, run):
        if put.is_changed:
            tell_of(put, run.agent)
        counts["made" if put.is_new else "altered" if put.is_changed else "kept"] += 1
    return counts


def _next_lines(run: ImportRun) -> list[ImportLine]:
    """The lines of the next orders, each order whole."""
    waiting = run.lines.filter(is_credit=run.is_at_credits, key__gt=run.done_key)
    some = list(waiting.order_by("key", "number")[:AT_ONCE])
    if len(some) < AT_ONCE:
        return some
    last = some[-1].key
    whole = [line for line in some if line.key != last]
    if whole:
        return whole
    return list(waiting.filter(key=last).order_by("number")[:MOST_OF_ONE_ORDER])


def _gives_back(lines: Sequence[ImportLine]) -> bool:
    return all(quantity_of(line.said) < 0 for line in lines)


def _refuse(run: ImportRun, lines: Sequence[ImportLine], why: str) -> None:
    ImportTrouble.objects.create(
        run=run, number=lines[0].number, reason=one_line(f"{lines[0].key}: {why}", 250)
    )


def _take_out(run: ImportRun) -> Counter[str]:
    """The next ones that nothing changed since: credits first, then orders."""
    given = Refund.objects.filter(run=run).select_related("order").order_by("pk")
    if some := list(given[:OUT_AT_ONCE]):
        for credit in some:
            take_credit_out(credit)
        return Counter()
    orders = list(run.orders.order_by("pk").values_list("pk", flat=True)[:OUT_AT_ONCE])
    if not orders:
        run.lines.all().delete()
        run.state = State.UNDONE
        return Counter()
    were_removed = _remove(orders)
    were_written(orders)
    return Counter(removed=were_removed)


def _remove(orders: Sequence[int]) -> int:
    """How many went: an order that something of ours hangs on stays, and is no file's any more."""
    try:
        with transaction.atomic():
            Refund.objects.filter(order__in=orders, is_credit=False).delete()
            Order.objects.filter(pk__in=orders).delete()
    except ProtectedError:
        if len(orders) > 1:
            return sum(_remove([pk]) for pk in orders)
        Order.objects.filter(pk__in=orders).update(run=None)
        return 0
    return len(orders)


def _tell_end(run: ImportRun) -> None:
    told, about = run.counts, [run, run.shop]
    made = told.get("made", 0)
    if run.state == State.DONE:
        fact = OrdersImported(
            name=run.name, made=made, altered=told.get("altered", 0),
            credited=told.get("credited", 0),
        )  # fmt: skip
        record(fact, about=about, by=run.agent)
    else:
        removed = told.get("removed", 0)
        left = made - removed + told.get("altered", 0)
        record(ImportTakenOut(name=run.name, removed=removed, left=left), about=about, by=run.agent)


def throw_unbegun_away(now: datetime) -> int:
    """A file that nobody began with is not kept for ever; neither are its lines."""
    never = [State.MATCHING, State.LOOKED, State.FAILED]
    old = ImportRun.objects.filter(state__in=never, worked_at__lt=now - UNBEGUN_FOR)
    return _throw_away(old) if old.exists() else 0


@transaction.atomic
def _throw_away(old: "QuerySet[ImportRun]") -> int:
    run = old.select_for_update().order_by("pk").first()
    if run is None:
        return 0
    file = run.file_id
    run.lines.all().delete()
    run.troubles.all().delete()
    run.delete()
    if file is not None:
        let_go([file])
    return 1
