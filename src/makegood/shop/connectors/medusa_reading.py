"""Medusa's orders in our words (version 2: amounts are decimal numbers, read exactly)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.shop.connectors.decimals import exact, moment, needed, rounded
from makegood.shop.connectors.json_said import number, objects, text
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
_STANDINGS = {"completed": Order.Standing.COMPLETED, "archived": Order.Standing.COMPLETED,
              "canceled": Order.Standing.CANCELLED}  # fmt: skip
TIMES = ("created_at", "updated_at", "canceled_at", "captured_at", "shipped_at", "delivered_at")


def order_seen(said: dict[str, Any]) -> OrderSeen:
    """An order as it is now. What the store rounds when somebody pays, we round as it does."""
    currency = text(said, "currency_code").upper()
    payments = list(payments_of(said))
    paid = [one for pay in payments for one in _captures(pay, currency)]
    back = [one for pay in payments for one in _refunds(pay, currency)]
    methods = [text(one, "name") for one in objects(said.get("shipping_methods"))]
    return OrderSeen(
        external_id=number(said, "id"),
        number=text(said, "custom_display_id", "display_id") or number(said, "id"),
        placed_at=needed(said.get("created_at")),
        told_at=newest(said),
        currency=currency,
        total_minor=rounded(said.get("original_total") or said.get("total"), currency)
        - rounded(said.get("discount_total"), currency),
        shipping_minor=rounded(said.get("original_shipping_total"), currency),
        discount_minor=rounded(said.get("discount_total"), currency),
        tax_minor=rounded(said.get("tax_total"), currency),
        standing=_STANDINGS.get(text(said, "status"), Order.Standing.OPEN),
        paid=_paid(paid, back),
        method=", ".join(filter(None, methods)),
        buyer=_buyer(said),
        lines=tuple(_line(one, currency) for one in objects(said.get("items"))),
        payments=tuple(paid),
        refunds=tuple(back),
        shipments=tuple(_shipments(said)),
        codes=tuple(_codes(said)),
    )


def payments_of(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for collection in objects(said.get("payment_collections")):
        yield from objects(collection.get("payments"))


def newest(said: dict[str, Any]) -> datetime:
    """When the last of it changed: a refund or a parcel does not move the order's own time."""
    parts = [said, *objects(said.get("items")), *objects(said.get("fulfillments"))]
    for pay in payments_of(said):
        parts += [pay, *objects(pay.get("captures")), *objects(pay.get("refunds"))]
    parts += [one for one in (said.get("shipping_address"),) if isinstance(one, dict)]
    for parcel in objects(said.get("fulfillments")):
        parts += objects(parcel.get("labels"))
    found = [moment(part.get(name)) for part in parts for name in TIMES]
    return max([one for one in found if one is not None], default=needed(said.get("created_at")))


def left_to_refund(said: dict[str, Any], currency: str) -> int:
    """Of one payment: what was taken and did not go back yet."""
    taken = sum(exact(one.get("amount"), currency) for one in objects(said.get("captures")))
    return taken - sum(exact(one.get("amount"), currency) for one in objects(said.get("refunds")))


def reason_of(note: str) -> str:
    """A refund's note without our mark."""
    words, mark, _key = note.rpartition(f"[{MARK}")
    return words.strip() if mark else note


def _captures(said: dict[str, Any], currency: str) -> list[PaymentSeen]:
    return [
        PaymentSeen(
            external_id=number(one, "id"), amount_minor=exact(one.get("amount"), currency),
            currency=currency, at=needed(one.get("created_at")), means=text(said, "provider_id"),
        )
        for one in objects(said.get("captures"))
    ]  # fmt: skip


def _refunds(said: dict[str, Any], currency: str) -> list[RefundSeen]:
    return [
        RefundSeen(
            external_id=number(one, "id"), amount_minor=exact(one.get("amount"), currency),
            currency=currency, at=needed(one.get("created_at")),
            reason=reason_of(text(one, "note")),
        )
        for one in objects(said.get("refunds"))
    ]  # fmt: skip


def _paid(paid: list[PaymentSeen], back: list[RefundSeen]) -> str:
    if not paid:
        return Order.Paid.UNPAID
    returned, taken = (sum(one.amount_minor for one in some) for some in (back, paid))
    if not returned:
        return Order.Paid.PAID
    return Order.Paid.REFUNDED if returned >= taken else Order.Paid.PART_REFUNDED


def _line(said: dict[str, Any], currency: str) -> LineSeen:  # with its tax: what is paid
    each, quantity = number(said, "id"), _count(said, "quantity")
    before = rounded(said.get("original_total"), currency)
    unit = -(-before // quantity) if quantity > 0 else 0  # rounded up: the rest is a discount
    titles = [text(said, "product_title", "title"), text(said, "variant_title")]
    detail = said.get("detail") if isinstance(said.get("detail"), dict) else {}
    return LineSeen(
        external_id=each, title=", ".join(filter(None, titles)) or each, quantity=quantity,
        unit_minor=unit, sku=text(said, "variant_sku"), variant=text(said, "variant_id"),
        discount_minor=unit * quantity - rounded(said.get("total"), currency),
        refunded=_count(detail, "return_received_quantity"),
    )  # fmt: skip


def _count(said: Any, name: str) -> int:
    """A quantity; Medusa writes some of them with a point."""
    found = said.get(name) or 0
    if isinstance(found, bool | str) or found != int(found):
        raise Refused(_("“%(name)s” is no whole number.") % {"name": name})
    return int(found)


def _buyer(said: dict[str, Any]) -> Buyer:
    to = said.get("shipping_address") or said.get("billing_address") or {}
    payer = said.get("billing_address") or to
    return Buyer(
        buyer=text(said, "customer_id"), email=text(said, "email").lower(),
        phone=text(to, "phone") or text(payer, "phone"), name=_name(payer), address=_address(to),
        country=text(to, "country_code")[:2].upper(),
    )  # fmt: skip


def _name(said: dict[str, Any]) -> str:
    return f"{text(said, 'first_name')} {text(said, 'last_name')}".strip()


def _address(said: dict[str, Any]) -> str:
    place = f"{text(said, 'postal_code')} {text(said, 'city')}"
    lines = [_name(said), text(said, "company"), text(said, "address_1"), text(said, "address_2"),
             place, text(said, "province")]  # fmt: skip
    return "\n".join(line.strip() for line in lines if line.strip())


def _shipments(said: dict[str, Any]) -> Iterator[ShipmentSeen]:
    """What was packed, each with its first label; what was called off is no parcel."""
    for one in objects(said.get("fulfillments")):
        if one.get("canceled_at"):
            continue
        labels = [text(label, "tracking_number") for label in objects(one.get("labels"))]
        delivered = moment(one.get("delivered_at"))
        scans = (ScanSeen(kind=Scan.Kind.DELIVERED, at=delivered),) if delivered else ()
        yield ShipmentSeen(
            external_id=number(one, "id"), carrier=text(one, "provider_id"),
            tracking=next(filter(None, labels), ""),
            label_at=moment(one.get("shipped_at") or one.get("created_at")), scans=scans,
        )  # fmt: skip


def _codes(said: dict[str, Any]) -> list[str]:
    """Coupons that took something off a line, each once."""
    told = [text(adjusted, "code") for line in objects(said.get("items"))
            for adjusted in objects(line.get("adjustments"))]  # fmt: skip
    return sorted({code for code in told if code})
