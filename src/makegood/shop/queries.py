from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists
from django.http import Http404

from makegood.kit.errors import Refused
from makegood.kit.money import Money
from makegood.kit.paging import Page, is_number, mark, unmark
from makegood.shop.finding import orders_like
from makegood.shop.importing import seen_in
from makegood.shop.models import Connection, ImportRun, ImportTrouble, Order, Shop
from makegood.shop.seen import CreditSeen
from makegood.shop.working import where_of
from makegood.team.models import Agent

SHOWN = 50
PREVIEWED = 5


MOST_BESIDE = 5


def newest_orders(addresses: Sequence[str]) -> Sequence[Order]:
    """The newest orders that were placed under these e-mail addresses: one more than is shown."""
    theirs = [address for address in addresses if address]
    if not theirs:
        return []
    return list(Order.objects.filter(email__in=theirs).order_by("-placed_at")[: MOST_BESIDE + 1])


def order_for(agent: Agent, pk: int) -> Order:
    """An order with all that belongs to it, for every agent, or 404."""
    parts = ("lines", "payments", "refunds", "shipments__scans")
    found = Order.objects.select_related("shop").prefetch_related(*parts).filter(pk=pk).first()
    if found is None or not agent.is_active:
        raise Http404
    return found


def orders_page(agent: Agent, typed: str, after: str) -> Page[Order]:
    """The orders that were meant, or every one, the last that came in first."""
    if typed:
        return Page(rows=orders_like(agent, typed, most=SHOWN))
    orders = Order.objects.select_related("shop").order_by("-pk")
    key = unmark(after, 1)
    if key is not None and is_number(key[0]):
        orders = orders.filter(pk__lt=key[0])
    some = list(orders[: SHOWN + 1]) if agent.is_active else []
    return Page(rows=some[:SHOWN], next=mark(some[SHOWN - 1].pk) if some[SHOWN:] else "")


def has_orders() -> Exists:
    """Whether any order is known, as a part of a question."""
    return Exists(Order.objects.all())


def orders_told_of(addresses: Sequence[str]) -> Sequence[Order]:
    """Every order of these addresses, for a copy of what is held of a person."""
    theirs = Order.objects.filter(email__in=[one for one in addresses if one])
    return list(theirs.prefetch_related("lines").order_by("placed_at", "pk"))


def all_shops() -> Sequence[Shop]:
    return list(Shop.objects.order_by("name"))


def newest_runs() -> Sequence[ImportRun]:
    """The newest files of orders."""
    return list(ImportRun.objects.select_related("agent", "shop").order_by("-pk")[:20])


def run_for(agent: Agent, pk: int) -> ImportRun:
    """A file of orders, for whoever may bring them in, or 404."""
    found = ImportRun.objects.select_related("agent", "shop").filter(pk=pk).first()
    if found is None or not agent.may("office.shop"):
        raise Http404
    return found


def troubles_page(run: ImportRun, after: str) -> Page[ImportTrouble]:
    """Lines that were refused, in their order."""
    rows = run.troubles.order_by("number", "pk")
    key = unmark(after, 1)
    if key is not None and is_number(key[0]):
        rows = rows.filter(number__gt=key[0])
    some = list(rows[: SHOWN + 1])
    return Page(rows=some[:SHOWN], next=mark(some[SHOWN - 1].number) if some[SHOWN:] else "")


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One order or credit as it would come in."""

    number: str
    is_credit: bool
    lines: int
    total: Money
    whose: str


def previewed(run: ImportRun) -> Sequence[Sample]:
    """The first few orders of a file that was looked over, as they would come in."""
    if run.state != ImportRun.State.LOOKED:
        return []
    firsts = run.lines.order_by("pk").values_list("key", flat=True)[:500]
    found = []
    for key in list(dict.fromkeys(firsts))[:PREVIEWED]:
        lines = [line.said for line in run.lines.filter(key=key).order_by("number")[:1000]]
        try:
            seen = seen_in(key, lines, where_of(run))
        except Refused:
            continue
        if isinstance(seen, CreditSeen):
            total, whose = seen.amount_minor, seen.email or seen.buyer
        else:
            total = seen.total_minor
            whose = seen.buyer.name or seen.buyer.email or seen.buyer.buyer
        found.append(
            Sample(
                number=key, is_credit=isinstance(seen, CreditSeen), lines=len(lines),
                total=Money(total, seen.currency), whose=whose,
            )
        )  # fmt: skip
    return found


def open_connection(key: str) -> Connection:
    """The connection behind a signal's address, or 404: one switched off is the same as none."""
    active = Connection.objects.select_related("shop").filter(state=Connection.State.ACTIVE)
    found = active.filter(public_id=key).first()
    if found is None:
        raise Http404
    return found
