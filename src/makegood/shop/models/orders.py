from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.kit.money import Money
from makegood.kit.records import Record
from makegood.shop.models.imports import ImportRun
from makegood.shop.models.shops import Shop


class Order(Record):
    """What somebody bought, as the shop tells of it."""

    class Standing(models.TextChoices):
        OPEN = "open", _("open")
        COMPLETED = "completed", _("completed")
        CANCELLED = "cancelled", _("cancelled")

    class Paid(models.TextChoices):
        UNPAID = "unpaid", _("not paid")
        PART = "part", _("paid in part")
        PAID = "paid", _("paid")
        PART_REFUNDED = "part_refunded", _("refunded in part")
        REFUNDED = "refunded", _("refunded")

    class Handed(models.TextChoices):
        NOTHING = "nothing", _("not sent yet")
        LABEL = "label", _("not yet handed over")
        PART = "part", _("handed over in part")
        HANDED_OVER = "handed_over", _("on its way")
        DELIVERED = "delivered", _("delivered")
        RETURNED = "returned", _("came back")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="orders")
    external_id = models.CharField(max_length=120)
    number = models.CharField(max_length=120, help_text="As people say it: #1001.")
    folded = models.CharField(max_length=120, help_text="The number's letters and digits alone.")
    placed_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    shipping_minor = models.BigIntegerField(default=0)
    discount_minor = models.BigIntegerField(default=0)
    tax_minor = models.BigIntegerField(default=0)
    total_minor = models.BigIntegerField()
    credited_minor = models.BigIntegerField(default=0, help_text="By credits of their own.")
    standing = models.CharField(choices=Standing, default=Standing.OPEN, max_length=10)
    paid = models.CharField(choices=Paid, default=Paid.UNPAID, max_length=14)
    handed = models.CharField(choices=Handed, default=Handed.NOTHING, max_length=12)
    buyer = models.CharField(max_length=120, blank=True, help_text="The shop's own number for whom")
    email = models.CharField(max_length=320, blank=True, help_text="As handles are compared.")
    phone = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=120, blank=True)
    phoned = models.CharField(max_length=9, blank=True, help_text="The phone's digits as compared.")
    named = models.CharField(max_length=80, blank=True, help_text="Folded, the last word first.")
    address = models.TextField(blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166: DE.")
    method = models.CharField(max_length=120, blank=True, help_text="How it is sent.")
    codes = models.JSONField(default=list, blank=True, help_text="Coupons that were used.")
    told_at = models.DateTimeField(help_text="When the shop said so, by its own clock.")
    told = models.CharField(max_length=64, help_text="The hash of all that it said.")
    run = models.ForeignKey(
        ImportRun, models.PROTECT, null=True, blank=True, related_name="orders",
        help_text="The file that brought it, as long as nothing else changed it.",
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "external_id"], name="an_order_stands_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["email", "-placed_at"], name="orders_of_an_address"),
            models.Index(
                fields=["folded"], name="orders_by_number", opclasses=["varchar_pattern_ops"]
            ),
            models.Index(
                fields=["named"], name="orders_by_name", opclasses=["varchar_pattern_ops"]
            ),
            models.Index(fields=["phoned", "-placed_at"], name="orders_by_phone"),
            models.Index(fields=["shop", "buyer", "-placed_at"], name="orders_of_a_buyer"),
            models.Index(
                fields=["id"],
                condition=Q(standing="open", handed__in=["nothing", "label"]),
                name="orders_to_be_sent",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def money(self, minor: int) -> Money:
        return Money(minor, self.currency)

    @property
    def total(self) -> Money:
        return self.money(self.total_minor)

    def stands(self) -> str:
        """Where it is, in a word: by its parcels, where any are told of."""
        if self.standing == self.Standing.CANCELLED or self.handed == self.Handed.NOTHING:
            is_over = self.standing != self.Standing.OPEN
            return str((self.Standing(self.standing) if is_over else self.Handed.NOTHING).label)
        return str(self.Handed(self.handed).label)

    def paid_now(self) -> "Order.Paid":
        """How it stands with the money, credits that came by themselves counted."""
        if self.credited_minor == 0:
            return self.Paid(self.paid)
        is_all = self.credited_minor >= self.total_minor
        return self.Paid.REFUNDED if is_all else self.Paid.PART_REFUNDED


class Line(models.Model):
    """So many of one thing, within an order."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")  # a part of it
    external_id = models.CharField(max_length=120)
    variant = models.CharField(max_length=120, blank=True, help_text="The shop's number of it.")
    sku = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=250)
    quantity = models.PositiveIntegerField()
    unit_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField(default=0)
    refunded = models.PositiveIntegerField(default=0, help_text="How many were taken back.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "external_id"], name="a_line_is_of_one_order")
        ]

    def total(self) -> Money:
        return self.order.money(self.unit_minor * self.quantity - self.discount_minor)


class Payment(models.Model):
    """Money that came for an order."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="payments")  # a part of it
    external_id = models.CharField(max_length=120)
    means = models.CharField(max_length=60, blank=True, help_text="card, invoice, PayPal")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "external_id"], name="a_payment_stands_once")
        ]

    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Refund(Record):
    """Money that went back: of an order, or a credit that no order could be found for."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="refunds")
    # A credit outlives the order that a file's undo takes out again: it then stands alone.
    order = models.ForeignKey(Order, models.SET_NULL, null=True, related_name="refunds")
    external_id = models.CharField(max_length=120)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=250, blank=True)
    buyer = models.CharField(max_length=120, blank=True)
    taken = models.JSONField(default=dict, help_text="How many of which lines it took back.")
    is_credit = models.BooleanField(default=False, help_text="Came by itself, not with its order.")
    at = models.DateTimeField()
    run = models.ForeignKey(ImportRun, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "external_id"],
                condition=Q(is_credit=True),
                name="a_credit_stands_once",
            ),
            models.UniqueConstraint(
                fields=["order", "external_id"],
                condition=Q(is_credit=False),
                name="a_refund_stands_once",
            ),
        ]

    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Shipment(models.Model):
    """One parcel of an order."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="shipments")  # a part of it
    external_id = models.CharField(max_length=120)
    carrier = models.CharField(max_length=60, blank=True)
    tracking = models.CharField(max_length=120, blank=True)
    folded = models.CharField(max_length=120, blank=True, help_text="The number as compared.")
    label_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "external_id"], name="a_parcel_stands_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["folded"], condition=~Q(folded=""), name="parcels_by_their_number")
        ]


class Scan(models.Model):
    """What became of a parcel, at a moment."""

    class Kind(models.TextChoices):
        LABEL_MADE = "label_made", _("label made")
        PICKED_UP = "picked_up", _("picked up")
        IN_TRANSIT = "in_transit", _("in transit")
        OUT_FOR_DELIVERY = "out_for_delivery", _("out for delivery")
        DELIVERED = "delivered", _("delivered")
        EXCEPTION = "exception", _("something went wrong")
        RETURNED = "returned", _("came back")

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="scans")  # a part of it
    kind = models.CharField(choices=Kind, max_length=16)
    at = models.DateTimeField()
    place = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shipment", "kind", "at", "place"], name="a_scan_comes_in_once"
            )
        ]
