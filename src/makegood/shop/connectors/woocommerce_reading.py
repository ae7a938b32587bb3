"""WooCommerce's orders in our words (REST API v3; amounts are decimal text)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from makegood.shop.connectors.decimals import exact, moment, needed, rounded
from makegood.shop.connectors.json_said import count, number, objects, text
from makegood.shop.models import Order
from makegood.shop.seen import Buyer, LineSeen, OrderSeen, PaymentSeen, RefundSeen, ShipmentSeen

CANCELLED = ("cancelled", "failed", "trash")
COMPLETED = ("completed", "refunded")
TRACKING = "_wc_shipment_tracking_items"
"""Where the usual extensions keep parcels: WooCommerce itself knows none."""


def order_seen(said: dict[str, Any], refunds: Sequence[dict[str, Any]]) -> OrderSeen:
    """An order; its refunds come apart, because the order tells no time of them."""
    currency, total = text(said, "currency"), said.get("total")
    back = [_refund(one, currency) for one in refunds]
    status = text(said, "status")
    methods = [text(one, "method_title") for one in objects(said.get("shipping_lines"))]
    tax = rounded(said.get("shipping_tax"), currency)
    return OrderSeen(
        external_id=number(said, "id"),
        number=text(said, "number") or number(said, "id"),
        placed_at=needed(said.get("date_created_gmt")),
        told_at=needed(said.get("date_modified_gmt") or said.get("date_created_gmt")),
        currency=currency,
        total_minor=exact(total, currency),
        shipping_minor=rounded(said.get("shipping_total"), currency) + tax,
        discount_minor=rounded(said.get("discount_total"), currency),
        tax_minor=rounded(said.get("total_tax"), currency),
        standing=_standing(status),
        paid=_paid(said, sum(one.amount_minor for one in back), exact(total, currency)),
        method=", ".join(filter(None, methods)),
        buyer=_buyer(said),
        lines=tuple(_line(one, currency, refunds) for one in objects(said.get("line_items"))),
        payments=_payments(said, currency),
        refunds=tuple(back),
        shipments=_shipments(said),
        codes=tuple(text(one, "code") for one in objects(said.get("coupon_lines"))),
    )


def _standing(status: str) -> str:
    if status in CANCELLED:
        return Order.Standing.CANCELLED
    return Order.Standing.COMPLETED if status in COMPLETED else Order.Standing.OPEN


def _paid(said: dict[str, Any], back: int, total: int) -> str:
    if moment(said.get("date_paid_gmt")) is None:
        return Order.Paid.UNPAID
    if back == 0:
        return Order.Paid.PAID
    return Order.Paid.REFUNDED if back >= total else Order.Paid.PART_REFUNDED


def _line(
    said: dict[str, Any], currency: str, refunds: Sequence[dict[str, Any]]
) -> LineSeen:  # with its tax: what the customer paid
    each, quantity = number(said, "id"), count(said, "quantity")
    before = rounded(said.get("subtotal"), currency) + rounded(said.get("subtotal_tax"), currency)
    after = rounded(said.get("total"), currency) + rounded(said.get("total_tax"), currency)
    unit = -(-before // quantity) if quantity > 0 else 0  # rounded up: the rest is a discount
    return LineSeen(
        external_id=each, title=text(said, "name") or each, quantity=quantity, unit_minor=unit,
        sku=text(said, "sku"), discount_minor=unit * quantity - after, variant=_bought(said),
        refunded=sum(_taken(one, each) for refund in refunds
                     for one in objects(refund.get("line_items"))),
    )  # fmt: skip


def _bought(said: dict[str, Any]) -> str:
    """The variation that was bought, or the product where it has none."""
    found = text(said, "variation_id")
    return found if found not in ("", "0") else text(said, "product_id").removeprefix("0")


def _taken(said: dict[str, Any], line: str) -> int:
    """How many of a line a refund took back: it names the line in a field beside."""
    for meta in objects(said.get("meta_data")):
        if meta.get("key") == "_refunded_item_id" and text(meta, "value") == line:
            return abs(count(said, "quantity"))
    return 0


def _refund(said: dict[str, Any], currency: str) -> RefundSeen:
    amount = abs(exact(said.get("amount") or said.get("total"), currency))
    return RefundSeen(
        external_id=number(said, "id"), amount_minor=amount, currency=currency,
        at=needed(said.get("date_created_gmt")), reason=text(said, "reason"),
    )  # fmt: skip


def _payments(said: dict[str, Any], currency: str) -> tuple[PaymentSeen, ...]:
    at = moment(said.get("date_paid_gmt"))
    if at is None:
        return ()
    paid = PaymentSeen(
        external_id=text(said, "transaction_id")[:120] or f"order-{number(said, 'id')}",
        amount_minor=exact(said.get("total"), currency), currency=currency, at=at,
        means=text(said, "payment_method_title", "payment_method"),
    )  # fmt: skip
    return (paid,)


def _buyer(said: dict[str, Any]) -> Buyer:
    billing = said.get("billing") or {}
    shipping = said.get("shipping") or {}
    to = shipping if text(shipping, "address_1", "city") else billing
    name = f"{text(billing, 'first_name')} {text(billing, 'last_name')}".strip()
    customer = text(said, "customer_id")
    return Buyer(
        buyer="" if customer == "0" else customer, email=text(billing, "email").lower(),
        phone=text(billing, "phone", "phone_number"), name=name, address=_address(to),
        country=text(to, "country")[:2],
    )  # fmt: skip


def _address(said: dict[str, Any]) -> str:
    name = f"{text(said, 'first_name')} {text(said, 'last_name')}"
    place = f"{text(said, 'postcode')} {text(said, 'city')}"
    lines = [name, text(said, "company"), text(said, "address_1"), text(said, "address_2"),
             place, text(said, "state")]  # fmt: skip
    return "\n".join(line.strip() for line in lines if line.strip())


def _shipments(said: dict[str, Any]) -> tuple[ShipmentSeen, ...]:
    for meta in objects(said.get("meta_data")):
        if meta.get("key") == TRACKING and isinstance(meta.get("value"), list):
            return tuple(map(_shipment, objects(meta["value"])))
    return ()


def _shipment(said: dict[str, Any]) -> ShipmentSeen:
    shipped = text(said, "date_shipped")
    at = datetime.fromtimestamp(int(shipped), UTC) if shipped.isdigit() else None
    tracking = text(said, "tracking_number")
    return ShipmentSeen(
        external_id=text(said, "tracking_id") or tracking, tracking=tracking, label_at=at,
        carrier=text(said, "tracking_provider", "custom_tracking_provider"),
    )  # fmt: skip
