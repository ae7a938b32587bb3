"""Shopify's products, counts, codes and checkouts in our words (Admin API)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from makegood.shop.connectors.decimals import exact, moment, needed, rounded
from makegood.shop.connectors.json_said import count, number, objects, text
from makegood.shop.seen_goods import (
    CartLineSeen,
    CartSeen,
    CouponSeen,
    ProductSeen,
    StockSeen,
    VariantSeen,
)

ONLY = "Default Title"
"""How it calls the variant of a product that has but one."""


def product_seen(
    said: dict[str, Any], base: str, currency: str, at: datetime | None = None
) -> ProductSeen:
    """A product; `at` is given where it was asked for, because it was counted then."""
    handle = text(said, "handle")
    return ProductSeen(
        external_id=number(said, "id"), title=text(said, "title") or number(said, "id"),
        told_at=needed(said.get("updated_at") or said.get("created_at")), stock_at=at,
        url=f"{base}/products/{handle}" if handle and said.get("published_at") else "",
        is_gone=text(said, "status") == "archived",
        variants=tuple(_variant(one, currency) for one in objects(said.get("variants"))),
    )  # fmt: skip


def _variant(said: dict[str, Any], currency: str) -> VariantSeen:
    title = text(said, "title")
    is_counted = bool(said.get("inventory_management"))
    return VariantSeen(
        external_id=number(said, "id"), sku=text(said, "sku"),
        title="" if title == ONLY else title, currency=currency,
        price_minor=exact(said.get("price"), currency), is_counted=is_counted,
        stock=count(said, "inventory_quantity") if is_counted else None,
        stock_key=text(said, "inventory_item_id"),
    )  # fmt: skip


def stock_seen(item: str, levels: Sequence[dict[str, Any]]) -> StockSeen | None:
    """All that lies at all places; a place where it is not kept says nothing."""
    told = [one for one in levels if one.get("available") is not None]
    if not told:
        return None
    return StockSeen(
        external_id=item, stock=sum(count(one, "available") for one in told),
        told_at=max(needed(one.get("updated_at")) for one in told),
    )  # fmt: skip


def coupons_seen(
    rule: dict[str, Any], codes: Sequence[dict[str, Any]], currency: str
) -> Sequence[CouponSeen]:
    """The codes of one price rule. What a rule takes off is below zero there."""
    value, is_share = text(rule, "value").removeprefix("-"), rule.get("value_type") == "percentage"
    least = rule.get("prerequisite_subtotal_range") or {}
    limit = rule.get("usage_limit")
    changed = needed(rule.get("updated_at") or rule.get("created_at"))
    return [
        CouponSeen(
            external_id=number(one, "id"), code=number(one, "code"), currency=currency,
            told_at=max(changed, moment(one.get("updated_at")) or changed),
            amount_minor=0 if is_share else exact(value, currency),
            basis_points=rounded(value, "EUR") if is_share else 0,
            least_minor=exact(least.get("greater_than_or_equal_to"), currency),
            valid_until=moment(rule.get("ends_at")), uses=count(one, "usage_count"),
            most_uses=limit if isinstance(limit, int) else None,
        )
        for one in codes
    ]  # fmt: skip


def cart_seen(said: dict[str, Any]) -> CartSeen:
    """A checkout that was begun; one that was completed is over."""
    currency = text(said, "currency", "presentment_currency")
    changed = needed(said.get("updated_at") or said.get("created_at"))
    lines = objects(said.get("line_items"))
    return CartSeen(
        external_id=number(said, "id"), told_at=changed, changed_at=changed, currency=currency,
        email=text(said, "email").lower(), value_minor=exact(said.get("total_price"), currency),
        lines=tuple(_cart_line(one) for one in lines),
        is_over=moment(said.get("completed_at")) is not None,
    )  # fmt: skip


def _cart_line(said: dict[str, Any]) -> CartLineSeen:
    title = " – ".join(filter(None, (text(said, "title"), text(said, "variant_title"))))
    quantity = count(said, "quantity")
    return CartLineSeen(title=title or "–", quantity=max(quantity, 0), sku=text(said, "sku"))
