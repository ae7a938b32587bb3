from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.kit.money import Money
from makegood.kit.records import Record
from makegood.shop.models.shops import Shop


class Product(Record):
    """Something that a shop sells, in one or more variants. What it deletes is only marked."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="products")
    external_id = models.CharField(max_length=120)
    title = models.CharField(max_length=250)
    url = models.CharField(max_length=500, blank=True, help_text="Its page in the shop.")
    is_gone = models.BooleanField(default=False, help_text="Not sold any more, or deleted there.")
    told_at = models.DateTimeField(help_text="When the shop said so, by its own clock.")
    told = models.CharField(max_length=64, help_text="The hash of what it said, but for stock.")
    heard_at = models.DateTimeField(help_text="When the shop spoke of it last, by our clock.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "external_id"], name="a_product_stands_once")
        ]

    def __str__(self) -> str:
        return self.title


class Variant(Record):
    """One kind of a product that can be bought, with its price, and how many there are."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="variants")
    product = models.ForeignKey(Product, models.PROTECT, related_name="variants")
    external_id = models.CharField(max_length=120)
    position = models.PositiveIntegerField(default=0, help_text="Its place among the others.")
    sku = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=250, blank=True, help_text="Which of them: “White”.")
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    is_gone = models.BooleanField(default=False)
    is_counted = models.BooleanField(default=False, help_text="Whether the shop counts it.")
    stock = models.IntegerField(null=True, blank=True, help_text="Below zero: sold and not there.")
    stock_key = models.CharField(max_length=120, help_text="What the shop counts it under.")
    stock_at = models.DateTimeField(help_text="When the shop counted so, by its own clock.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "external_id"], name="a_variant_stands_once")
        ]
        ordering: ClassVar[list[str]] = ["position", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["shop", "sku"], condition=~Q(sku=""), name="variants_by_sku"),
            models.Index(fields=["shop", "stock_key"], name="variants_by_what_is_counted"),
            models.Index(
                fields=["shop", "id"],
                condition=Q(is_counted=True, stock__lte=0),
                name="variants_that_are_out",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} – {self.title}" if self.title else str(self.product)

    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def is_out(self) -> bool:
        """Whether none is left, as far as the shop counts."""
        return self.is_counted and self.stock is not None and self.stock <= 0


class Coupon(Record):
    """A code that takes something off, as the shop knows it."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="coupons")
    external_id = models.CharField(max_length=120)
    code = models.CharField(max_length=120)
    folded = models.CharField(max_length=120, help_text="The code as codes are compared.")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField(default=0)
    basis_points = models.PositiveIntegerField(default=0, help_text="Hundredths of a percent.")
    least_minor = models.BigIntegerField(default=0)
    valid_until = models.DateTimeField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)
    most_uses = models.PositiveIntegerField(null=True, blank=True)
    is_gone = models.BooleanField(default=False)
    told_at = models.DateTimeField()
    told = models.CharField(max_length=64)
    heard_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "external_id"], name="a_coupon_stands_once")
        ]
        indexes: ClassVar = [models.Index(fields=["shop", "folded"], name="coupons_by_code")]

    def __str__(self) -> str:
        return self.code

    def takes_off(self) -> str:
        """`10 %`, `12,5 %` or an amount."""
        if self.basis_points:
            whole, rest = divmod(self.basis_points, 100)
            part = f"{rest:02d}".rstrip("0")
            percent = f"{whole}.{part}" if part else str(whole)
            return _("%(percent)s %%") % {"percent": percent}
        return str(Money(self.amount_minor, self.currency))


class Cart(Record):
    """What somebody put together and left behind, where the shop tells of it."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="carts")
    external_id = models.CharField(max_length=120)
    email = models.CharField(max_length=320, blank=True, help_text="As handles are compared.")
    currency = models.CharField(max_length=3)
    value_minor = models.BigIntegerField()
    lines = models.JSONField(default=list, help_text="What lies in it: title, quantity, sku.")
    changed_at = models.DateTimeField(help_text="When somebody last did something with it.")
    became = models.CharField(max_length=120, blank=True, help_text="The order made of it.")
    is_over = models.BooleanField(default=False, help_text="Bought, or thrown away.")
    told_at = models.DateTimeField()
    told = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "external_id"], name="a_cart_stands_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["email", "-changed_at"],
                condition=Q(is_over=False) & ~Q(email=""),
                name="carts_of_an_address",
            ),
            models.Index(fields=["changed_at"], name="carts_by_age"),
        ]

    def value(self) -> Money:
        return Money(self.value_minor, self.currency)
