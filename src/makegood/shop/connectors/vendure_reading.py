"""Vendure's orders in our words. Its amounts are whole hundredths, of every currency alike."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.shop.connectors.decimals import decimal_text, exact, moment, needed
from makegood.shop.connectors.json_said import count, number, objects, text
from makegood.shop.models import Order, Scan
from makegood.shop.seen import (
    Buyer,
    LineSeen,
    OrderSeen,
    PaymentSeen,
    RefundSeen,
    ScanSeen,
    ShipmentSeen,
)

MARK = "makegood:"
DIGITS = 2
"""Of a store's amounts, unless somebody gave it another strategy of money."""
ADDRESS = (
    "{ fullName company streetLine1 streetLine2 city province postalCode countryCode phoneNumber }"
)
ORDER = f"""
id code state createdAt updatedAt orderPlacedAt currencyCode couponCodes
total totalWithTax shippingWithTax
customer {{ id firstName lastName emailAddress phoneNumber }}
shippingAddress {ADDRESS} billingAddress {ADDRESS}
discounts {{ amountWithTax }}
lines {{ id updatedAt quantity unitPriceWithTax linePriceWithTax proratedLinePriceWithTax
  productVariant {{ id sku name }} }}
shippingLines {{ shippingMethod {{ name }} }}
payments {{ id createdAt updatedAt method amount state
  refunds {{ id createdAt updatedAt total state reason lines {{ orderLineId quantity }} }} }}
fulfillments {{ id createdAt updatedAt state method trackingCode }}
"""
_STANDINGS = {"Cancelled": Order.Standing.CANCELLED, "Delivered": Order.Standing.COMPLETED}
_ON_ITS_WAY = {"Shipped": Scan.Kind.IN_TRANSIT, "Delivered": Scan.Kind.DELIVERED}


def ours(said: Any, currency: str) -> int:
    """An amount of theirs in whole minor units of its currency; nothing said is nothing."""
    if said is None:
        return 0
    if isinstance(said, bool) or not isinstance(said, int):
        raise Refused(_("“%(amount)s” is no whole amount.") % {"amount": str(said)[:20]})
    return exact(format(Decimal(said).scaleb(-DIGITS), "f"), currency)


def theirs(minor: int, currency: str) -> int:
    return int(Decimal(decimal_text(minor, currency)).scaleb(DIGITS))


def is_placed(said: dict[str, Any]) -> bool:
    """Carts and drafts are orders to them, and none to us."""
    return bool(said.get("orderPlacedAt"))


def order_seen(said: dict[str, Any]) -> OrderSeen:
    """An order as it is now."""
    currency = text(said, "currencyCode").upper()
    payments = [_payment(one, currency) for one in objects(said.get("payments"))
                if text(one, "state") == "Settled"]  # fmt: skip
    back = [_refund(one, currency) for one in refunds_of(said) if text(one, "state") == "Settled"]
    ways = [text(one.get("shippingMethod") or {}, "name")
            for one in objects(said.get("shippingLines"))]  # fmt: skip
    total = ours(said.get("totalWithTax"), currency)
    return OrderSeen(
        external_id=number(said, "id"),
        number=number(said, "code"),
        placed_at=needed(said.get("orderPlacedAt")),
        told_at=newest(said),
        currency=currency,
        total_minor=total,
        shipping_minor=ours(said.get("shippingWithTax"), currency),
        discount_minor=-sum(
            ours(one.get("amountWithTax"), currency) for one in objects(said.get("discounts"))
        ),
        tax_minor=total - ours(said.get("total"), currency),
        standing=_STANDINGS.get(text(said, "state"), Order.Standing.OPEN),
        paid=_paid(payments, back),
        method=", ".join(filter(None, ways)),
        buyer=_buyer(said),
        lines=tuple(_lines(said, currency)),
        payments=tuple(payments),
        refunds=tuple(back),
        shipments=tuple(_shipments(said)),
        codes=tuple(sorted({str(one) for one in said.get("couponCodes") or ()})),
    )


def refunds_of(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for pay in objects(said.get("payments")):
        yield from objects(pay.get("refunds"))


def newest(said: dict[str, Any]) -> datetime:
    """When the last of it changed: a refund or a parcel does not move the order's own time."""
    parts = [said, *objects(said.get("lines")), *objects(said.get("payments"))]
    parts += [*refunds_of(said), *objects(said.get("fulfillments"))]
    found = [moment(one.get("updatedAt")) for one in parts]
    return max([one for one in found if one is not None], default=needed(said.get("createdAt")))


def left_to_refund(pay: dict[str, Any], currency: str) -> int:
    """What of a payment may still go back; what is being refunded is gone already."""
    if text(pay, "state") != "Settled":
        return 0
    went = sum(ours(one.get("total"), currency) for one in objects(pay.get("refunds"))
               if text(one, "state") != "Failed")  # fmt: skip
    return ours(pay.get("amount"), currency) - went


def _payment(said: dict[str, Any], currency: str) -> PaymentSeen:
    return PaymentSeen(
        external_id=number(said, "id"), amount_minor=ours(said.get("amount"), currency),
        currency=currency, at=needed(said.get("createdAt")), means=text(said, "method"),
    )  # fmt: skip


def _refund(said: dict[str, Any], currency: str) -> RefundSeen:
    return RefundSeen(
        external_id=number(said, "id"), amount_minor=ours(said.get("total"), currency),
        currency=currency, at=needed(said.get("createdAt")),
        reason=text(said, "reason").partition(f" [{MARK}")[0],
    )  # fmt: skip


def _paid(paid: list[PaymentSeen], back: list[RefundSeen]) -> str:
    if not paid:
        return Order.Paid.UNPAID
    returned, taken = (sum(one.amount_minor for one in some) for some in (back, paid))
    if not returned:
        return Order.Paid.PAID
    return Order.Paid.REFUNDED if returned >= taken else Order.Paid.PART_REFUNDED


def _lines(said: dict[str, Any], currency: str) -> Iterator[LineSeen]:
    """What is left of what was bought: a line that was cancelled is empty."""
    back: dict[str, int] = {}
    for refund in refunds_of(said):
        for one in objects(refund.get("lines")) if text(refund, "state") == "Settled" else ():
            line = text(one, "orderLineId")
            back[line] = back.get(line, 0) + count(one, "quantity")
    for one in objects(said.get("lines")):
        quantity, each = count(one, "quantity"), number(one, "id")
        if quantity < 1:
            continue
        what = one.get("productVariant") or {}
        before = ours(one.get("linePriceWithTax"), currency)
        after = ours(one.get("proratedLinePriceWithTax"), currency)
        yield LineSeen(
            external_id=each, title=text(what, "name") or each, sku=text(what, "sku"),
            quantity=quantity, unit_minor=ours(one.get("unitPriceWithTax"), currency),
            variant=text(what, "id"),
            discount_minor=before - after, refunded=min(back.get(each, 0), quantity),
        )  # fmt: skip


def _buyer(said: dict[str, Any]) -> Buyer:
    whose, to = said.get("customer") or {}, said.get("shippingAddress") or {}
    payer = said.get("billingAddress") or {}
    name = f"{text(whose, 'firstName')} {text(whose, 'lastName')}".strip()
    return Buyer(
        buyer=text(whose, "id"), email=text(whose, "emailAddress").lower(),
        phone=text(to, "phoneNumber") or text(whose, "phoneNumber"),
        name=text(payer, "fullName") or name or text(to, "fullName"), address=_address(to),
        country=text(to, "countryCode")[:2].upper(),
    )  # fmt: skip


def _address(said: dict[str, Any]) -> str:
    place = f"{text(said, 'postalCode')} {text(said, 'city')}"
    names = ("fullName", "company", "streetLine1", "streetLine2")
    lines = [*(text(said, name) for name in names), place, text(said, "province")]
    return "\n".join(line.strip() for line in lines if line.strip())


def _shipments(said: dict[str, Any]) -> Iterator[ShipmentSeen]:
    """Its fulfilments; the carrier is told by the name of the way they are sent."""
    for one in objects(said.get("fulfillments")):
        state, at = text(one, "state"), moment(one.get("updatedAt"))
        if state == "Cancelled":
            continue
        scans = (ScanSeen(kind=_ON_ITS_WAY[state], at=at),) if state in _ON_ITS_WAY and at else ()
        yield ShipmentSeen(
            external_id=number(one, "id"), carrier=text(one, "method"),
            tracking=text(one, "trackingCode"), label_at=moment(one.get("createdAt")), scans=scans,
        )  # fmt: skip
