"""Shopify's orders in our words (Admin API; amounts are decimal text in the shop's currency)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from makegood.shop.connectors.decimals import exact, moment, needed
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

PAID: Mapping[str, str] = {
    "paid": Order.Paid.PAID,
    "partially_paid": Order.Paid.PART,
    "partially_refunded": Order.Paid.PART_REFUNDED,
    "refunded": Order.Paid.REFUNDED,
}
CAME = ("paid", "partially_paid", "partially_refunded", "refunded")
SCANS: Mapping[str, str] = {
    "in_transit": Scan.Kind.IN_TRANSIT,
    "out_for_delivery": Scan.Kind.OUT_FOR_DELIVERY,
    "delivered": Scan.Kind.DELIVERED,
    "attempted_delivery": Scan.Kind.EXCEPTION,
    "failure": Scan.Kind.EXCEPTION,
    "carrier_picked_up": Scan.Kind.PICKED_UP,
    "picked_up": Scan.Kind.PICKED_UP,
}
"""What a parcel's status says of where it is; a label or a confirmation says nothing."""


def order_seen(said: dict[str, Any]) -> OrderSeen:
    """An order with all that hangs on it."""
    currency = text(said, "currency")
    refunds = objects(said.get("refunds"))
    back = [one for one in (_refund(refund, currency) for refund in refunds) if one.amount_minor]
    parcels = [one for one in objects(said.get("fulfillments")) if _is_sent(one)]
    return OrderSeen(
        external_id=number(said, "id"),
        number=text(said, "name", "order_number") or number(said, "id"),
        placed_at=needed(said.get("processed_at") or said.get("created_at")),
        told_at=needed(said.get("updated_at") or said.get("created_at")),
        currency=currency,
        total_minor=exact(said.get("total_price"), currency),
        shipping_minor=_shipping(said, currency),
        discount_minor=exact(said.get("total_discounts"), currency),
        tax_minor=exact(said.get("total_tax"), currency),
        standing=_standing(said),
        paid=PAID.get(text(said, "financial_status"), Order.Paid.UNPAID),
        method=", ".join(filter(None, (text(one, "title")
                                       for one in objects(said.get("shipping_lines"))))),
        buyer=_buyer(said),
        lines=tuple(_line(one, currency, refunds) for one in objects(said.get("line_items"))),
        payments=_payments(said, currency),
        refunds=tuple(back),
        shipments=tuple(map(_shipment, parcels)),
        codes=tuple(text(one, "code") for one in objects(said.get("discount_codes"))),
    )  # fmt: skip


def _standing(said: dict[str, Any]) -> str:
    if moment(said.get("cancelled_at")) is not None:
        return Order.Standing.CANCELLED
    is_over = text(said, "fulfillment_status") == "fulfilled" or said.get("closed_at")
    return Order.Standing.COMPLETED if is_over else Order.Standing.OPEN


def _shipping(said: dict[str, Any], currency: str) -> int:
    told = said.get("total_shipping_price_set")
    if isinstance(told, dict) and isinstance(told.get("shop_money"), dict):
        return exact(told["shop_money"].get("amount"), currency)
    return sum(exact(one.get("price"), currency) for one in objects(said.get("shipping_lines")))


def _line(said: dict[str, Any], currency: str, refunds: Sequence[dict[str, Any]]) -> LineSeen:
    each = number(said, "id")
    taken = [one for refund in refunds for one in objects(refund.get("refund_line_items"))
             if text(one, "line_item_id") == each]  # fmt: skip
    given = objects(said.get("discount_allocations"))
    title = " – ".join(filter(None, (text(said, "title"), text(said, "variant_title"))))
    return LineSeen(
        external_id=each, title=title or each, quantity=count(said, "quantity"),
        unit_minor=exact(said.get("price"), currency), sku=text(said, "sku"),
        variant=text(said, "variant_id"),
        discount_minor=sum(exact(one.get("amount"), currency) for one in given),
        refunded=sum(count(one, "quantity") for one in taken),
    )  # fmt: skip


def _payments(said: dict[str, Any], currency: str) -> tuple[PaymentSeen, ...]:
    """An order does not list its payments: that it is paid, and what is open, tells of one."""
    if text(said, "financial_status") not in CAME:
        return ()
    open_now = exact(said.get("total_outstanding"), currency)
    came = exact(said.get("total_price"), currency) - open_now
    if came <= 0:
        return ()
    means = said.get("payment_gateway_names")
    names = [one for one in means if isinstance(one, str)] if isinstance(means, list) else []
    at = needed(said.get("processed_at") or said.get("created_at"))
    paid = PaymentSeen(
        external_id=f"order-{number(said, 'id')}", amount_minor=came, currency=currency, at=at,
        means=", ".join(names),
    )  # fmt: skip
    return (paid,)


def _refund(said: dict[str, Any], currency: str) -> RefundSeen:
    """What really went back; a refund may also only put goods back on the shelf."""
    went = [one for one in objects(said.get("transactions"))
            if text(one, "kind") == "refund" and text(one, "status") == "success"]  # fmt: skip
    return RefundSeen(
        external_id=number(said, "id"), currency=currency, reason=text(said, "note"),
        amount_minor=sum(exact(one.get("amount"), currency) for one in went),
        at=needed(said.get("processed_at") or said.get("created_at")),
    )  # fmt: skip


def _buyer(said: dict[str, Any]) -> Buyer:
    customer = said.get("customer") or {}
    to = said.get("shipping_address") or said.get("billing_address") or {}
    name = f"{text(customer, 'first_name')} {text(customer, 'last_name')}".strip()
    return Buyer(
        buyer=text(customer, "id"), email=text(said, "email", "contact_email").lower(),
        phone=text(said, "phone") or text(to, "phone"), name=name or text(to, "name"),
        address=_address(to), country=text(to, "country_code")[:2],
    )  # fmt: skip


def _address(said: dict[str, Any]) -> str:
    place = f"{text(said, 'zip')} {text(said, 'city')}".strip()
    lines = [text(said, "name"), text(said, "company"), text(said, "address1"),
             text(said, "address2"), place, text(said, "province")]  # fmt: skip
    return "\n".join(filter(None, lines))


def _is_sent(said: dict[str, Any]) -> bool:
    return text(said, "status") not in ("cancelled", "error", "failure")


def _shipment(said: dict[str, Any]) -> ShipmentSeen:
    made = needed(said.get("created_at"))
    return ShipmentSeen(
        external_id=number(said, "id"), carrier=text(said, "tracking_company"),
        tracking=text(said, "tracking_number"), label_at=made, scans=_scans(said, made),
    )  # fmt: skip


def _scans(said: dict[str, Any], made: datetime) -> tuple[ScanSeen, ...]:
    kind = SCANS.get(text(said, "shipment_status"))
    if kind is None:
        return ()
    return (ScanSeen(kind=kind, at=moment(said.get("updated_at")) or made),)
