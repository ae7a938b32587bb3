"""How often orders were late: by product, by country, by carrier, from sums kept by the day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Sum
from django.http import Http404

from makegood.kit.paging import Page, is_number, mark, unmark
from makegood.parcels.models import Article, LateDay, Weighed
from makegood.parcels.rates import Rate
from makegood.shop.models import Line, Order
from makegood.team.models import Agent

SHOWN = 50
BY = ("sku", "country", "carrier")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Of which orders: placed since a day, of a product, to a country, with a carrier."""

    since: date | None = None
    sku: str | None = None
    country: str | None = None
    carrier: str | None = None


@dataclass(frozen=True, kw_only=True)
class Late:
    """One product, country or carrier, and how often it was late."""

    word: str
    title: str
    rate: Rate


def since_days(days: int | None, today: date) -> date | None:
    return None if days is None else today - timedelta(days=days)


def overall(wish: Wish) -> Rate:
    """All orders that fit."""
    found = _rows(wish).aggregate(orders=Sum("orders"), late=Sum("late"))
    return Rate(late=found["late"] or 0, n=found["orders"] or 0)


def rates_by(by: str, wish: Wish) -> Sequence[Late]:
    """Every one, the surest late ones first: by the lower end of their interval."""
    rows = LateDay.objects.exclude(sku="") if by == "sku" else _rows(wish)
    if by == "sku":
        rows = _of_the_rest(rows, wish)
    summed = rows.values_list(by).annotate(orders=Sum("orders"), late=Sum("late")).order_by()
    found = [Late(word=word, title="", rate=Rate(late=late, n=n)) for word, n, late in summed if n]
    return sorted(found, key=lambda one: (-one.rate.interval[0], -one.rate.n, one.word))


def rates_of(skus: Sequence[str], since: date | None = None) -> Mapping[str, Rate]:
    """How often orders of these products were late; without those that none was judged of."""
    named = [sku for sku in skus if sku]  # an empty one stands for all orders
    if not named:
        return {}
    rows = _of_the_rest(LateDay.objects.filter(sku__in=named), Wish(since=since))
    summed = rows.values_list("sku").annotate(orders=Sum("orders"), late=Sum("late")).order_by()
    return {sku: Rate(late=late, n=n) for sku, n, late in summed if n}


def _rows(wish: Wish):  # type: ignore[no-untyped-def]
    return _of_the_rest(LateDay.objects.filter(sku=wish.sku or ""), wish)


def _of_the_rest(rows, wish: Wish):  # type: ignore[no-untyped-def]
    if wish.since is not None:
        rows = rows.filter(day__gte=wish.since)
    if wish.country is not None:
        rows = rows.filter(country=wish.country)
    if wish.carrier is not None:
        rows = rows.filter(carrier=wish.carrier)
    return rows


def with_titles(rows: Sequence[Late]) -> Sequence[Late]:
    """Products with their names."""
    titles = Article.objects.in_bulk([one.word for one in rows])
    return [
        Late(word=one.word, title=titles[one.word].title if one.word in titles else "",
             rate=one.rate)
        for one in rows
    ]  # fmt: skip


def countries_and_carriers() -> tuple[Sequence[str], Sequence[str]]:
    """What can be chosen among."""
    rows = LateDay.objects.filter(sku="")
    countries = rows.exclude(country="").values_list("country", flat=True).distinct()
    carriers = rows.exclude(carrier="").values_list("carrier", flat=True).distinct()
    return sorted(countries), sorted(carriers)


@dataclass(frozen=True, kw_only=True)
class JudgedOrder:
    """An order behind a figure."""

    order: Order
    judged: Weighed


def judged_orders(agent: Agent, wish: Wish, only_late: bool, after: str) -> Page[JudgedOrder]:
    """The orders that a figure was counted from, the newest first."""
    if not agent.may("lead.see"):
        raise Http404
    verdicts = [Weighed.Verdict.LATE] if only_late else list(JUDGED)
    rows = _of_the_rest(Weighed.objects.filter(verdict__in=verdicts), wish)
    if wish.sku:
        rows = rows.filter(Exists(Line.objects.filter(order=OuterRef("order"), sku=wish.sku)))
    key = unmark(after, 2)
    if key is not None and is_number(key[1]) and _day(key[0]) is not None:
        rows = rows.filter(day__lte=_day(key[0])).exclude(day=_day(key[0]), order__gte=key[1])
    some = list(rows.order_by("-day", "-order")[: SHOWN + 1])
    orders = Order.objects.select_related("shop").in_bulk([one.order for one in some[:SHOWN]])
    shown = [
        JudgedOrder(order=orders[one.order], judged=one)
        for one in some[:SHOWN]
        if one.order in orders
    ]
    last = some[SHOWN - 1] if len(some) > SHOWN else None
    return Page(rows=shown, next=mark(last.day.isoformat(), last.order) if last else "")


JUDGED = (Weighed.Verdict.ON_TIME, Weighed.Verdict.LATE)


def _day(word: object) -> date | None:
    try:
        return date.fromisoformat(str(word))
    except ValueError:
        return None
