"""WooCommerce's products and coupons in our words (REST API v3). Of carts it tells nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from makegood.shop.connectors.decimals import exact, moment, needed, rounded
from makegood.shop.connectors.json_said import count, number, objects, text
from makegood.shop.seen_goods import CouponSeen, ProductSeen, VariantSeen

PARENT = "parent"
"""A variation that is counted together with its product says so."""


def product_seen(
    said: dict[str, Any],
    variations: Sequence[dict[str, Any]],
    currency: str,
    at: datetime | None = None,
) -> ProductSeen:
    """A product with its variations; a simple one is its own only variant."""
    kinds = [_variant(one, said, currency) for one in variations]
    changed = [_changed(said), *(_changed(one) for one in variations)]
    status = text(said, "status")
    return ProductSeen(
        external_id=number(said, "id"), title=text(said, "name") or number(said, "id"),
        told_at=max(changed), stock_at=at, url=text(said, "permalink"),
        is_gone=status == "trash", variants=tuple(kinds or [_variant(said, said, currency)]),
    )  # fmt: skip


def is_simple(said: dict[str, Any]) -> bool:
    return not said.get("variations")


def _changed(said: dict[str, Any]) -> datetime:
    return needed(said.get("date_modified_gmt") or said.get("date_created_gmt"))


def _variant(said: dict[str, Any], product: dict[str, Any], currency: str) -> VariantSeen:
    is_itself = said is product
    counts = product if said.get("manage_stock") == PARENT else said
    quantity = counts.get("stock_quantity")
    is_counted = counts.get("manage_stock") is True and quantity is not None
    chosen = [] if is_itself else objects(said.get("attributes"))
    each = number(said, "id")
    return VariantSeen(
        external_id=each, sku=text(said, "sku"), currency=currency,
        title=", ".join(filter(None, (text(one, "option") for one in chosen))),
        price_minor=rounded(said.get("price"), currency), is_counted=is_counted,
        stock=count(counts, "stock_quantity") if is_counted else None,
        stock_key=each if counts is said else number(product, "id"),
    )  # fmt: skip


def coupon_seen(said: dict[str, Any], currency: str) -> CouponSeen:
    is_share = text(said, "discount_type") == "percent"
    amount, limit = said.get("amount"), said.get("usage_limit")
    return CouponSeen(
        external_id=number(said, "id"), code=number(said, "code"), currency=currency,
        told_at=_changed(said), amount_minor=0 if is_share else rounded(amount, currency),
        basis_points=rounded(amount, "EUR") if is_share else 0,
        least_minor=exact(said.get("minimum_amount"), currency),
        valid_until=moment(said.get("date_expires_gmt")), uses=count(said, "usage_count"),
        most_uses=limit if isinstance(limit, int) and limit else None,
        is_gone=text(said, "status") == "trash",
    )  # fmt: skip
