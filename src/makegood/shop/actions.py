from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from makegood.fields.reading import phone_digits
from makegood.kit.money import Money
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.shop.events import (
    OrderChanged,
    OrderPlaced,
    PaymentCame,
    RefundSeen,
    ShipmentScanned,
)
from makegood.shop.folding import folded, folded_name, folded_tracking
from makegood.shop.hearing import (
    Told,
    completed,
    parcels_of,
    same_scan,
    were_written,
)
from makegood.shop.models import ImportRun, Line, Order, Payment, Refund, Scan, Shipment, Shop
from makegood.shop.seen import OrderSeen, ScanSeen, ShipmentSeen, handed_by

WORDS = ("standing", "paid", "handed", "total_minor", "address", "method")
"""What of an order is told by name when it changes."""


@dataclass
class Put:
    """What came of one order: whether it is new, and what is otherwise than it was."""

    order: Order
    seen: OrderSeen
    shipments: tuple[ShipmentSeen, ...] = ()
    """Its parcels by everybody's word."""
    was: dict[str, Any] = field(default_factory=dict)
    known: set[Any] = field(default_factory=set)
    """The payments, refunds and scans that were there before."""
    is_new: bool = False
    is_changed: bool = False


@transaction.atomic
def apply_order(shop: Shop, seen: OrderSeen, *, by: Actor) -> Order:
    """Let an order be as its source tells it, and record what follows from the difference.

    The same twice changes nothing, and older news never overwrites newer: in whatever order
    the news come, the order ends as the newest tells it.
    """
    (put,) = put_orders(shop, [seen])
    if put.is_new or put.is_changed:
        tell_of(put, by)
    return put.order


def put_orders(shop: Shop, seen: Sequence[OrderSeen], run: ImportRun | None = None) -> list[Put]:
    """Many orders at once, each named once, inside the caller's transaction; nothing is told."""
    Shop.objects.select_for_update().get(pk=shop.pk)  # one at a time writes a shop's orders
    numbers = [one.external_id for one in seen]
    there = {one.external_id: one for one in shop.orders.filter(external_id__in=numbers)}
    orders = [there.get(one.external_id) for one in seen]
    parcels = completed(
        [
            Told(order=order.pk if order else 0, shipments=one.shipments)
            for order, one in zip(orders, seen, strict=True)
        ]
    )
    puts = [
        _put(order or Order(shop=shop, external_id=one.external_id, run=run), one, known)
        for order, one, known in zip(orders, seen, parcels, strict=True)
    ]
    Order.objects.bulk_create([put.order for put in puts if put.is_new])
    for put in puts:
        if put.is_changed:
            _clear(put)
            put.order.save()
    written = [put for put in puts if put.is_new or put.is_changed]
    _write_parts(written)
    were_written([put.order.pk for put in written])
    return puts


def _put(order: Order, seen: OrderSeen, parcels: tuple[ShipmentSeen, ...]) -> Put:
    told = seen.digest()
    put = Put(order=order, seen=seen, shipments=parcels)
    if not order.pk:
        put.is_new = True
    elif order.told == told or (seen.told_at, told) <= (order.told_at, order.told):
        return _unchanged(order, seen, told)
    else:
        put.was, put.is_changed = {word: getattr(order, word) for word in WORDS}, True
        order.run = None  # it is not that file's alone any more
    _say(order, seen)
    order.handed, order.told = handed_by(parcels), told
    return put


def _unchanged(order: Order, seen: OrderSeen, told: str) -> Put:
    """Nothing new; but that it was said again later is known, so that older news stay older."""
    if order.told == told and seen.told_at > order.told_at:
        order.told_at = seen.told_at
        order.save(update_fields=["told_at"])
    return Put(order=order, seen=seen)


def _say(order: Order, seen: OrderSeen) -> None:
    order.number, order.folded = seen.number, folded(seen.number)
    order.placed_at, order.told_at = seen.placed_at, seen.told_at
    order.currency, order.total_minor = seen.currency, seen.total_minor
    order.shipping_minor, order.discount_minor = seen.shipping_minor, seen.discount_minor
    order.tax_minor = seen.tax_minor
    order.standing, order.paid = seen.standing, seen.paid
    order.method, order.codes = seen.method, list(seen.codes)
    who = seen.buyer
    order.buyer, order.email, order.phone = who.buyer, who.email, who.phone
    order.name, order.address, order.country = who.name, who.address, who.country
    order.phoned, order.named = phone_digits(who.phone), folded_name(who.name)


def _clear(put: Put) -> None:
    """Make room for the parts as they are told now; credits of their own stay."""
    order = put.order
    refunds = order.refunds.filter(is_credit=False)
    put.known = {("payment", one.external_id) for one in order.payments.all()}
    put.known |= {("refund", one.external_id) for one in refunds}
    put.known |= {_key(parcel, scan) for parcel in parcels_of(order) for scan in parcel.scans}
    for rows in (order.lines.all(), order.payments.all(), refunds, order.shipments.all()):
        rows.delete()


def _key(parcel: ShipmentSeen, scan: ScanSeen) -> tuple[Any, ...]:
    return "scan", parcel.external_id, same_scan(scan.kind, scan.at)


def _write_parts(puts: Sequence[Put]) -> None:
    """All lines in one go, all payments, and so on, whatever the number of orders."""
    each = [(put.order, put.seen) for put in puts]
    Line.objects.bulk_create(
        Line(order=order, **vars(one)) for order, seen in each for one in seen.lines
    )
    Payment.objects.bulk_create(
        Payment(order=order, **vars(one)) for order, seen in each for one in seen.payments
    )
    Refund.objects.bulk_create(
        Refund(shop_id=order.shop_id, order=order, **vars(one))
        for order, seen in each
        for one in seen.refunds
    )
    parcels = [
        (Shipment(order=order, external_id=one.external_id, carrier=one.carrier,
                  tracking=one.tracking, folded=folded_tracking(one.tracking),
                  label_at=one.label_at), one)
        for order, seen in each
        for one in seen.shipments
    ]  # fmt: skip
    Shipment.objects.bulk_create([row for row, _one in parcels])
    Scan.objects.bulk_create(
        Scan(shipment=row, **vars(scan)) for row, one in parcels for scan in one.scans
    )
    for put in puts:
        if put.is_changed and put.order.credited_minor:
            _take_again(put.order)


def _take_again(order: Order) -> None:
    """What credits took back of an order's lines, counted again on its new lines."""
    for credit in order.refunds.filter(is_credit=True):
        count_taken(order, credit.taken, 1)


def count_taken(order: Order, taken: dict[str, int], sign: int) -> None:
    """So many of these lines went back; with -1, they did not."""
    for line in order.lines.filter(external_id__in=list(taken)):
        line.refunded = max(0, line.refunded + sign * taken[line.external_id])
        line.save(update_fields=["refunded"])


def tell_of(put: Put, by: Actor) -> None:
    """Record what follows from how an order was and how it is."""
    order, seen, number = put.order, put.seen, put.order.number
    if put.is_new:
        fact = OrderPlaced(number=number, total=said_plainly(order.total))
        record(fact, about=[order], by=by, at=order.placed_at)
    else:
        changed = [word for word in WORDS if put.was[word] != getattr(order, word)]
        named = [word.removesuffix("_minor") for word in changed] or ["details"]
        record(OrderChanged(number=number, what=named), about=[order], by=by, at=seen.told_at)
    for payment in seen.payments:
        if ("payment", payment.external_id) not in put.known:
            amount = said_plainly(Money(payment.amount_minor, payment.currency))
            record(PaymentCame(number=number, amount=amount), about=[order], by=by, at=payment.at)
    for refund in seen.refunds:
        if ("refund", refund.external_id) not in put.known:
            amount = said_plainly(Money(refund.amount_minor, refund.currency))
            record(RefundSeen(number=number, amount=amount), about=[order], by=by, at=refund.at)
    for parcel in put.shipments:
        for scan in parcel.scans:
            if _key(parcel, scan) not in put.known:
                _tell_scan(order, scan, by)


def _tell_scan(order: Order, scan: ScanSeen, by: Actor) -> None:
    fact = ShipmentScanned(number=order.number, scan=scan.kind)
    record(fact, about=[order], by=by, at=scan.at)


def lock_shops() -> None:
    """Let nobody else write an order until the caller's transaction ends."""
    list(Shop.objects.select_for_update().order_by("pk"))


@transaction.atomic
def hear_of_parcel(order: Order, scans: Sequence[ScanSeen], *, by: Actor) -> None:
    """Somebody else than the shop told of a parcel of it: these scans are new.

    How far the order is counts all that everybody says. Whoever calls locked the shops before
    it looked (`lock_shops`), and lays the scans beside the shop's words (`hearing`).
    """
    lock_shops()
    order = Order.objects.get(pk=order.pk)
    was, order.handed = order.handed, handed_by(parcels_of(order))
    if order.handed != was:
        order.save(update_fields=["handed"])
        at = max((one.at for one in scans), default=None)
        record(OrderChanged(number=order.number, what=["handed"]), about=[order], by=by, at=at)
    for scan in scans:
        _tell_scan(order, scan, by)
    were_written([order.pk])


def said_plainly(money: Money) -> str:
    """For the ledger, which speaks no language: `12.50 EUR`."""
    return f"{money.decimal()} {money.currency}"
