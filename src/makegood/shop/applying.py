"""One place that takes what a connection tells, whatever it tells of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.kit.money import LARGEST, known_currency
from makegood.kit.text import one_line
from makegood.ledger.actors import Actor, System
from makegood.shop.actions import apply_order
from makegood.shop.models import Shop
from makegood.shop.offers import put_cart, put_coupon, put_gone
from makegood.shop.seen import OrderSeen, Seen
from makegood.shop.seen_goods import CartSeen, CouponSeen, GoneSeen, ProductSeen, StockSeen
from makegood.shop.stocking import put_products, put_stock

BY = System("shop")
NAMES = {
    "external_id", "number", "sku", "tracking", "code", "variant", "stock_key", "became", "what",
}  # fmt: skip
LONGEST_NAME = 120
LENGTHS = {
    "title": 250, "reason": 250, "address": 1000, "email": 320, "phone": 40, "means": 60,
    "carrier": 60, "url": 500,
}  # fmt: skip
LARGEST_COUNT = 2**31 - 1

Taker = Callable[[Shop, Any, Actor], None]


def _order(shop: Shop, seen: OrderSeen, by: Actor) -> None:
    apply_order(shop, seen, by=by)


def _product(shop: Shop, seen: ProductSeen, by: Actor) -> None:
    put_products(shop, [seen], by)


_TAKERS: dict[type[Seen], Taker] = {
    OrderSeen: _order, ProductSeen: _product, StockSeen: put_stock, CouponSeen: put_coupon,
    CartSeen: put_cart, GoneSeen: put_gone,
}  # fmt: skip


def takes(kind: type[Seen]) -> Callable[[Taker], Taker]:
    """Register who takes one kind of things; apps above may bring kinds of their own."""

    def registered(taker: Taker) -> Taker:
        _TAKERS[kind] = taker
        return taker

    return registered


def apply(shop: Shop, seen: Seen, *, by: Actor = BY) -> bool:
    """Let a thing be as it is told; False where nobody takes such things. Raises `Refused`."""
    taker = _TAKERS.get(type(seen))
    if taker is None:
        return False
    taker(shop, fitted(seen), by)
    return True


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What became of a page of things."""

    taken: int
    otherwise: Mapping[str, bool]
    """Products that were otherwise here, by the shop's number; whether each was missing."""


def apply_page(shop: Shop, seen: Sequence[Seen], *, by: Actor = BY) -> Applied:
    """Many fitted things at once. Raises nothing for what nobody takes."""
    products = [one for one in seen if isinstance(one, ProductSeen)]
    otherwise = put_products(shop, products, by) if products else {}
    others = (one for one in seen if not isinstance(one, ProductSeen))
    taken = len(products) + sum(apply(shop, one, by=by) for one in others)
    return Applied(taken=taken, otherwise=otherwise)


def fitted(seen: Any) -> Any:
    """The same, so that it can be stored: words cut where they are long, and nothing else.

    What stands for something, a number or an amount, is refused rather than changed.
    """
    return replace(
        seen, **{one.name: _fit(one.name, getattr(seen, one.name)) for one in fields(seen)}
    )


def _fit(name: str, value: Any) -> Any:
    if is_dataclass(value):
        return fitted(value)
    if isinstance(value, tuple):
        return tuple(_fit(name, one) for one in value)
    if isinstance(value, str):
        return _words(name, value)
    if isinstance(value, int) and not isinstance(value, bool):
        return _number(name, value)
    return value


def _words(name: str, value: str) -> str:
    if name == "currency":
        return known_currency(value)
    if name == "address":
        return "\n".join(one_line(line, 200) for line in value.splitlines()[:12])
    if name in NAMES:
        if len(value) > LONGEST_NAME or one_line(value, LONGEST_NAME) != value:
            told = {"name": name, "value": one_line(value, 40)}
            raise Refused(_("%(name)s is no number or name: “%(value)s”.") % told)
        return value
    return one_line(value, LENGTHS.get(name, 120))


def _number(name: str, value: int) -> int:
    largest = LARGEST if name.endswith("_minor") else LARGEST_COUNT
    if abs(value) > largest or (value < 0 and name in ("quantity", "refunded")):
        raise Refused(_("%(name)s cannot be %(value)s.") % {"name": name, "value": str(value)[:20]})
    return value
