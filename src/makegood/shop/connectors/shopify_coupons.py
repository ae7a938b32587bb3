"""A coupon at Shopify: a price rule for one use, and the code that stands in it."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from makegood.shop.connectors.decimals import decimal_text
from makegood.shop.connectors.interface import Unsure, Wanted


def rule(wanted: Wanted, mark: str) -> dict[str, Any]:
    """A coupon for one use, as Shopify's price rules say it: what is taken off is negative."""
    said: dict[str, Any] = {
        "title": f"{wanted.code} {mark}", "target_type": "line_item",
        "target_selection": "all", "allocation_method": "across", "customer_selection": "all",
        "once_per_customer": True, "usage_limit": 1,
        "starts_at": datetime.now(UTC).replace(microsecond=0).isoformat(),
    }  # fmt: skip
    if wanted.percent:
        said |= {"value_type": "percentage", "value": f"-{wanted.percent}.0"}
    else:
        amount = decimal_text(wanted.amount_minor, wanted.currency)
        said |= {"value_type": "fixed_amount", "value": f"-{amount}"}
    if wanted.valid_until:
        said["ends_at"] = wanted.valid_until.isoformat()
    if wanted.least_minor:
        least = decimal_text(wanted.least_minor, wanted.currency)
        said["prerequisite_subtotal_range"] = {"greater_than_or_equal_to": least}
    return said


def place_of(location: str) -> tuple[str, str]:
    """The numbers of a rule and of its code, out of where Shopify says that a code is.

    Only these are taken of it: nobody is sent anywhere else with our token.
    """
    parts = urlsplit(location).path.removesuffix(".json").split("/")
    found = dict(pairwise(parts))
    numbers = found.get("price_rules", ""), found.get("discount_codes", "")
    if not all(one.isascii() and one.isdigit() for one in numbers):
        raise Unsure(_("The shop answers without a number of its own."))
    return numbers
