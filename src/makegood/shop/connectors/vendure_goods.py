"""Vendure's products, counts and promotions in our words. Its admin API tells of no carts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from makegood.shop.connectors.decimals import moment, needed, rounded
from makegood.shop.connectors.json_said import an_object, count, number, objects, text
from makegood.shop.connectors.vendure_reading import ours
from makegood.shop.seen_goods import CouponSeen, ProductSeen, VariantSeen

PRODUCT = """
id name enabled createdAt updatedAt
variants { id name sku enabled createdAt updatedAt priceWithTax currencyCode
  trackInventory outOfStockThreshold useGlobalOutOfStockThreshold
  options { name } stockLevels { stockOnHand stockAllocated } }
"""
SETTINGS = "globalSettings { trackInventory outOfStockThreshold }"
PROMOTION = """
id couponCode enabled createdAt updatedAt endsAt usageLimit
conditions { code args { name value } } actions { code args { name value } }
"""


def product_seen(said: dict[str, Any], settings: Mapping[str, Any], at: datetime) -> ProductSeen:
    """A product as it is now: `at` is when it was asked for, and counted."""
    variants = objects(said.get("variants"))
    changed = [needed(one.get("updatedAt") or one.get("createdAt")) for one in (said, *variants)]
    name = text(said, "name") or number(said, "id")
    return ProductSeen(
        external_id=number(said, "id"), title=name, told_at=max(changed), stock_at=at,
        is_gone=not said.get("enabled"),
        variants=tuple(_variant(one, settings) for one in variants if one.get("enabled")),
    )  # fmt: skip


def _variant(said: dict[str, Any], settings: Mapping[str, Any]) -> VariantSeen:
    currency, stock = text(said, "currencyCode").upper(), None
    tracks = text(said, "trackInventory")
    if tracks == "TRUE" or (tracks == "INHERIT" and settings.get("trackInventory")):
        stock = _stock(said, settings)
    kinds = [text(one, "name") for one in objects(said.get("options"))]
    return VariantSeen(
        external_id=number(said, "id"), sku=text(said, "sku"), title=" / ".join(kinds),
        currency=currency, price_minor=ours(said.get("priceWithTax"), currency),
        is_counted=stock is not None, stock=stock,
    )  # fmt: skip


def _stock(said: dict[str, Any], settings: Mapping[str, Any]) -> int:
    """As many as it would still sell of what lies at all places: some it may keep back."""
    levels = objects(said.get("stockLevels"))
    there = sum(count(one, "stockOnHand") - count(one, "stockAllocated") for one in levels)
    its_own = not said.get("useGlobalOutOfStockThreshold")
    kept = count(said if its_own else dict(settings), "outOfStockThreshold")
    return there - max(kept, 0)


def coupon_seen(said: dict[str, Any], currency: str) -> CouponSeen:
    """A promotion with a code. It does not tell how often it was used."""
    acts = _operations(said, "actions")
    fixed, share = acts.get("order_fixed_discount"), acts.get("order_percentage_discount")
    least = _operations(said, "conditions").get("minimum_order_amount", {})
    return CouponSeen(
        external_id=number(said, "id"), code=number(said, "couponCode"), currency=currency,
        told_at=needed(said.get("updatedAt") or said.get("createdAt")),
        amount_minor=ours(_whole(fixed, "discount"), currency) if fixed else 0,
        basis_points=rounded(share.get("discount"), "EUR") if share else 0,
        least_minor=ours(_whole(least, "amount"), currency),
        valid_until=moment(said.get("endsAt")), is_gone=not said.get("enabled"),
        most_uses=count(said, "usageLimit") if said.get("usageLimit") else None,
    )  # fmt: skip


def _operations(said: dict[str, Any], name: str) -> dict[str, dict[str, Any]]:
    """Their arguments, by what they are; all arguments are text."""
    return {
        text(one, "code"): {
            text(arg, "name"): text(arg, "value") for arg in objects(an_object(one).get("args"))
        }
        for one in objects(said.get(name))
    }


def _whole(arguments: Mapping[str, Any], name: str) -> int:
    return rounded(arguments.get(name), "JPY")
