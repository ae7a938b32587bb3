"""Medusa's products, counts and promotions in our words. Its admin API tells of no carts."""

from datetime import datetime
from typing import Any

from makegood.shop.connectors.decimals import moment, needed, rounded
from makegood.shop.connectors.json_said import an_object, number, objects, text
from makegood.shop.seen_goods import CouponSeen, ProductSeen, VariantSeen

PRODUCT = (
    "+updated_at,*variants,*variants.prices,*variants.inventory_items,"
    "*variants.inventory_items.inventory,*variants.inventory_items.inventory.location_levels"
)


def product_seen(said: dict[str, Any], currency: str, at: datetime) -> ProductSeen:
    """A product as it is now: `at` is when it was asked for, and counted."""
    variants = objects(said.get("variants"))
    changed = [needed(one.get("updated_at") or one.get("created_at")) for one in (said, *variants)]
    return ProductSeen(
        external_id=number(said, "id"), title=text(said, "title") or number(said, "id"),
        told_at=max(changed), stock_at=at, is_gone=bool(said.get("deleted_at")),
        variants=tuple(_variant(one, currency) for one in variants),
    )  # fmt: skip


def _variant(said: dict[str, Any], currency: str) -> VariantSeen:
    title, stock = text(said, "title"), None
    if said.get("manage_inventory"):
        stock = _stock(said)
    return VariantSeen(
        external_id=number(said, "id"), sku=text(said, "sku"), currency=currency,
        title="" if title.casefold() in ("default", "default variant") else title,
        price_minor=_price(said, currency), is_counted=stock is not None, stock=stock,
    )  # fmt: skip


def _price(said: dict[str, Any], currency: str) -> int:
    """Its plain price in the shop's currency; nothing where it has none in it."""
    found = [one for one in objects(said.get("prices"))
             if text(one, "currency_code").upper() == currency]  # fmt: skip
    plain = [one for one in found if not one.get("rules_count")] or found
    return rounded(plain[0].get("amount"), currency) if plain else 0


def _stock(said: dict[str, Any]) -> int | None:
    """As many as can be made of all that it consists of, at all places, and is not put by."""
    parts = []
    for one in objects(said.get("inventory_items")):
        levels = objects(an_object(one.get("inventory") or {}).get("location_levels"))
        there = sum(_whole(level, "stocked_quantity") - _whole(level, "reserved_quantity")
                    for level in levels)  # fmt: skip
        parts.append(there // max(_whole(one, "required_quantity"), 1))
    return min(parts) if parts else None


def _whole(said: dict[str, Any], name: str) -> int:
    """Its counts may have digits behind the point; what is sold has none."""
    return rounded(said.get(name), "JPY")


def coupon_seen(said: dict[str, Any], currency: str) -> CouponSeen:
    """A promotion with a code. One that was switched off is gone; it may come back."""
    method, campaign = said.get("application_method") or {}, said.get("campaign") or {}
    budget = campaign.get("budget") or {}
    is_share, is_counted = text(method, "type") == "percentage", text(budget, "type") == "usage"
    own = (text(method, "currency_code") or currency).upper()
    told = [moment(one.get("updated_at")) for one in (said, method, campaign, budget)]
    return CouponSeen(
        external_id=number(said, "id"), code=number(said, "code"), currency=own,
        told_at=max(one for one in [*told, needed(said.get("created_at"))] if one is not None),
        amount_minor=0 if is_share else rounded(method.get("value"), own),
        basis_points=rounded(method.get("value"), "EUR") if is_share else 0,
        valid_until=moment(campaign.get("ends_at")),
        uses=_whole(budget, "used") if is_counted else 0,
        most_uses=_whole(budget, "limit") if is_counted and budget.get("limit") else None,
        is_gone=text(said, "status") == "inactive",
    )  # fmt: skip
