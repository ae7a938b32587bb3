"""What the sample shop sold, told through the door that every shop's orders come by."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from makegood.calendars.models import Calendar
from makegood.fulfilment.actions import Wish, state_terms
from makegood.kit.money import Money
from makegood.ledger.actors import System
from makegood.ledger.gathering import gathered
from makegood.sample.parcels import Trip, carried_by, parcels_of
from makegood.shop.applying import apply
from makegood.shop.models import Order
from makegood.shop.models import Shop as Store
from makegood.shop.seen import Buyer, LineSeen, OrderSeen, PaymentSeen, RefundSeen
from makegood.team.models import Agent

ORDERS = Path(__file__).parent / "data" / "orders.toml"
HOUSE = System("sample")
STORE, CURRENCY = "Lantern & Loom", "EUR"
SHIPPING, SHIPPING_ABROAD, FREE_FROM = 490, 990, 8000
LOOKS_BACK = 60
PAID_BY = ("card", "PayPal", "Klarna", "card")
HOURS = (8, 9, 11, 12, 13, 16, 19, 21)


@dataclass(frozen=True, kw_only=True)
class Book:
    """The file of orders, and the moment at which it is told."""

    articles: dict[str, tuple[str, str, int]]
    people: dict[str, tuple[str, str, str, str]]
    orders: Sequence[dict[str, Any]]
    now: datetime
    zone: ZoneInfo


def read_book(now: datetime) -> Book:
    told = tomllib.loads(ORDERS.read_text())
    return Book(
        articles=told["articles"], people=told["people"], orders=told["order"], now=now,
        zone=ZoneInfo(settings.TIME_ZONE),
    )  # fmt: skip


@transaction.atomic
def sell_what_was_sold(owner: Agent) -> Store:
    """The sample shop's orders of six weeks, and the times that it states for them."""
    now = datetime.now(UTC)
    store = Store.objects.create(
        name=STORE, currency=CURRENCY, time_zone=settings.TIME_ZONE, made_at=now
    )
    _state_times(owner)
    book = read_book(now)
    with gathered():
        for seen in (order_seen(book, told) for told in book.orders):
            apply(store, seen, by=HOUSE)
    return store


def _state_times(owner: Agent) -> None:
    """Sent the next working day, scanned on that evening or the next, there in two or three."""
    calendar = Calendar.objects.order_by("pk").first()
    within = Wish(
        name="Within Europe", cut_off=time(14), handling_days=1, scan_days=1, transit_from=2,
        transit_to=3, refund_days=14, looks_back=LOOKS_BACK, warehouse=calendar,
    )  # fmt: skip
    state_terms(None, within, by=owner)


def order_seen(book: Book, told: dict[str, Any]) -> OrderSeen:
    """One order as a shop would tell it, counted back from now."""
    number = int(told["number"].partition("-")[2])
    placed_at = _placed_at(book, told["days"], number)
    lines = _lines(book, told["lines"])
    goods = sum(one.unit_minor * one.quantity for one in lines)
    country = book.people[told["who"]][3]
    shipping = _shipping(goods, country)
    total = goods + shipping
    hours = told.get("came")
    trip = Trip(
        number=number, placed_at=placed_at, now=book.now, zone=book.zone,
        came_at=book.now - timedelta(hours=hours) if hours else None,
        place=told.get("place", ""),
    )  # fmt: skip
    refunds = _refunds(book, told)
    parcels = tuple(parcels_of(trip, told["went"]))
    is_cancelled = told["went"] == "cancelled"
    return OrderSeen(
        external_id=str(5_000_000 + number), number=told["number"], placed_at=placed_at,
        told_at=book.now, currency=CURRENCY, total_minor=total, shipping_minor=shipping,
        tax_minor=round(total * 19 / 119), method=carried_by(number)[1],
        standing=Order.Standing.CANCELLED if is_cancelled else Order.Standing.OPEN,
        paid=_paid(total, refunds), buyer=_buyer(book, told["who"]), lines=lines,
        payments=_payments(placed_at, total, number, is_twice=told.get("paid_twice", False)),
        refunds=refunds, shipments=parcels, codes=tuple(told.get("codes", ())),
    )  # fmt: skip


def _placed_at(book: Book, days: int, number: int) -> datetime:
    day = book.now.astimezone(book.zone).date() - timedelta(days=days)
    at = time(HOURS[number % len(HOURS)], number * 13 % 60, number * 29 % 60)
    return min(datetime.combine(day, at, book.zone).astimezone(UTC), book.now)


def _lines(book: Book, told: dict[str, int]) -> tuple[LineSeen, ...]:
    return tuple(
        LineSeen(
            external_id=str(place), sku=book.articles[key][0], title=book.articles[key][1],
            quantity=count, unit_minor=book.articles[key][2],
        )
        for place, (key, count) in enumerate(told.items(), 1)
    )  # fmt: skip


def _shipping(goods: int, country: str) -> int:
    if goods >= FREE_FROM:
        return 0
    return SHIPPING if country == "DE" else SHIPPING_ABROAD


def _buyer(book: Book, who: str) -> Buyer:
    name, email, address, country = book.people[who]
    return Buyer(
        buyer=f"c-{who}", email=email, name=name, address=f"{name}\n{address}", country=country
    )


def _payments(
    placed_at: datetime, total: int, number: int, *, is_twice: bool
) -> tuple[PaymentSeen, ...]:
    moments = [placed_at, *([placed_at + timedelta(hours=23)] if is_twice else [])]
    return tuple(
        PaymentSeen(
            external_id=f"ch_sample{number}{'ab'[place]}", amount_minor=total, currency=CURRENCY,
            at=at, means=PAID_BY[number % len(PAID_BY)],
        )
        for place, at in enumerate(moments)
    )  # fmt: skip


def _refunds(book: Book, told: dict[str, Any]) -> tuple[RefundSeen, ...]:
    back = told.get("back")
    if back is None:
        return ()
    at = book.now - timedelta(days=back["days"])
    given = Money(back["amount"], CURRENCY)
    return (
        RefundSeen(external_id="r1", amount_minor=given.minor, currency=given.currency, at=at,
                   reason=back["why"]),
    )  # fmt: skip


def _paid(total: int, refunds: Sequence[RefundSeen]) -> str:
    back = sum(one.amount_minor for one in refunds)
    if not back:
        return Order.Paid.PAID
    return Order.Paid.REFUNDED if back >= total else Order.Paid.PART_REFUNDED
