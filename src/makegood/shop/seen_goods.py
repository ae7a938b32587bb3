"""What a source says of goods, coupons and carts, whole and in our words."""

from dataclasses import asdict, dataclass
from datetime import datetime

from makegood.shop.seen import Seen, hash_of

STOCK = ("stock", "is_counted")
"""What has a clock of its own: a shop counts without telling of the product anew."""


@dataclass(frozen=True, kw_only=True)
class VariantSeen:
    """One kind of a product. Without a count of its own nobody knows how many there are."""

    external_id: str
    price_minor: int
    currency: str
    title: str = ""
    sku: str = ""
    is_counted: bool = False
    stock: int | None = None
    stock_key: str = ""
    """What the shop counts it under, where that is not its own number."""


@dataclass(frozen=True, kw_only=True)
class ProductSeen(Seen):
    """One product with all its variants."""

    title: str
    url: str = ""
    is_gone: bool = False
    variants: tuple[VariantSeen, ...] = ()
    stock_at: datetime | None = None
    """When its variants were counted, where that was not when it changed last."""

    def digest(self) -> str:
        says = asdict(self)
        variants = [
            {name: value for name, value in one.items() if name not in STOCK}
            for one in says.pop("variants")
        ]
        kept = {name: value for name, value in says.items() if name not in ("told_at", "stock_at")}
        return hash_of({**kept, "variants": variants})


@dataclass(frozen=True, kw_only=True)
class StockSeen(Seen):
    """How many there are of what a shop counts under one number."""

    stock: int


@dataclass(frozen=True, kw_only=True)
class CouponSeen(Seen):
    """One code: an amount or a share that it takes off."""

    code: str
    currency: str
    amount_minor: int = 0
    basis_points: int = 0
    least_minor: int = 0
    valid_until: datetime | None = None
    uses: int = 0
    most_uses: int | None = None
    is_gone: bool = False


@dataclass(frozen=True, kw_only=True)
class CartLineSeen:
    title: str
    quantity: int
    sku: str = ""


@dataclass(frozen=True, kw_only=True)
class CartSeen(Seen):
    """What somebody put together and did not buy yet, or did."""

    currency: str
    value_minor: int
    changed_at: datetime
    email: str = ""
    lines: tuple[CartLineSeen, ...] = ()
    became: str = ""
    """The number of the order that was made of it."""
    is_over: bool = False


@dataclass(frozen=True, kw_only=True)
class GoneSeen(Seen):
    """A shop deleted something, and tells no more than its number."""

    what: str
    """product, coupon or cart"""
