"""A replacement at Shopify: an order of which everything is taken off, with our key in its note."""

from typing import Any

from django.utils.translation import gettext as _

from makegood.shop.connectors.interface import Declined, Wanted
from makegood.shop.connectors.json_said import number, objects, text

TAG = "replacement"
MOST_PAGES = 40
"""How many pages of later orders are looked through; beyond that a person has to look."""
FOUND_IN = "id,name,note"


def replacement(said: dict[str, Any], wanted: Wanted, mark: str) -> dict[str, Any]:
    """What is posted to have articles of an order sent once more, for nothing."""
    lines = {text(one, "id"): one for one in objects(said.get("line_items"))}
    customer, to = said.get("customer") or {}, said.get("shipping_address")
    order: dict[str, Any] = {
        "line_items": [_line(lines.get(line, {}), count) for line, count in wanted.lines],
        "discount_codes": [{"code": TAG, "amount": "100.0", "type": "percentage"}],
        "financial_status": "paid", "inventory_behaviour": "decrement_obeying_policy",
        "send_receipt": wanted.notify, "tags": TAG,
        "note": f"{text(said, 'name')} {wanted.reason} {mark}".strip(),
    }  # fmt: skip
    if text(customer, "id"):
        order["customer"] = {"id": int(number(customer, "id"))}
    elif text(said, "email"):
        order["email"] = text(said, "email")
    if isinstance(to, dict):
        order["shipping_address"] = to
    return {"order": order}


def _line(said: dict[str, Any], count: int) -> dict[str, Any]:
    if not text(said, "variant_id"):
        raise Declined(_("The shop has an article of this order no more."))
    return {"variant_id": int(text(said, "variant_id")), "quantity": count}
