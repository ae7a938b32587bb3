"""A replacement at WooCommerce: an order that costs nothing and names the one before it."""

from typing import Any

from django.utils.translation import gettext as _

from makegood.shop.connectors.interface import Declined, Wanted
from makegood.shop.connectors.json_said import number, objects, text

WHOSE = ("customer_id", "billing", "shipping", "currency")


def replacement(said: dict[str, Any], wanted: Wanted, mark: dict[str, str]) -> dict[str, Any]:
    """What is posted to have articles of an order sent once more, for nothing."""
    lines = {text(one, "id"): one for one in objects(said.get("line_items"))}
    return {
        **{name: said[name] for name in WHOSE if name in said},
        "parent_id": int(number(said, "id")), "status": "processing",
        "customer_note": wanted.reason, "meta_data": [mark],
        "line_items": [_line(lines.get(line, {}), count) for line, count in wanted.lines],
    }  # fmt: skip


def _line(said: dict[str, Any], count: int) -> dict[str, Any]:
    if not text(said, "product_id"):
        raise Declined(_("The shop has an article of this order no more."))
    return {
        "product_id": int(text(said, "product_id")), "quantity": count, "subtotal": "0",
        "variation_id": int(text(said, "variation_id") or 0), "total": "0",
    }  # fmt: skip
