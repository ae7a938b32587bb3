from datetime import time
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.calendars.models import Calendar
from makegood.kit.records import Record
from makegood.shop.models import Order, Shop
from makegood.team.models import Agent


class Terms(Record):
    """The times that a shop states for some of its orders: the first that fit an order hold."""

    name = models.CharField(max_length=80, unique=True)
    position = models.IntegerField(default=0, help_text="The order in which they are asked.")
    is_on = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class TermsVersion(Record):
    """How stated times read from a moment on. It is never changed: a promise keeps its own."""

    terms = models.ForeignKey(Terms, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    shop = models.ForeignKey(
        Shop, models.PROTECT, null=True, blank=True, related_name="+", help_text="Empty: every."
    )
    methods = models.CharField(max_length=250, blank=True, help_text="Names of ways to send.")
    countries = models.CharField(max_length=250, blank=True, help_text="ISO 3166: DE, AT.")
    cut_off = models.TimeField(default=time(14))
    handling_days = models.PositiveSmallIntegerField(help_text="Working days of the warehouse.")
    scan_days = models.PositiveSmallIntegerField(null=True, blank=True)
    transit_from = models.PositiveSmallIntegerField(null=True, blank=True)
    transit_to = models.PositiveSmallIntegerField(null=True, blank=True)
    refund_days = models.PositiveSmallIntegerField(null=True, blank=True)
    acknowledge_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Until the order is confirmed. Empty promises nothing."
    )
    paid_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Until the payment is confirmed, once it came."
    )
    sends_itself = models.BooleanField(
        default=False, help_text="Whether we confirm by ourselves what is at risk."
    )
    waits_for_money = models.BooleanField(default=False, help_text="Counted from the payment.")
    looks_back = models.PositiveSmallIntegerField(
        default=3, help_text="What was due so many days before an order came in is promised still."
    )
    warehouse = models.ForeignKey(
        Calendar, models.SET_NULL, null=True, blank=True, related_name="+"
    )  # a calendar that is no more leaves Monday to Friday behind
    carrier = models.ForeignKey(
        Calendar, models.SET_NULL, null=True, blank=True, related_name="+"
    )  # the same
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Agent, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["terms", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["terms", "number"], name="a_version_of_terms_has_its_number"
            ),
            models.CheckConstraint(
                name="transit_from_is_no_more_than_to",
                condition=Q(transit_from=None) | Q(transit_to__gte=models.F("transit_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.terms} v{self.number}"


class Confirmation(Record):
    """A customer is told of an order, or of its payment: once, by us or by the shop itself."""

    class Kind(models.TextChoices):
        ORDER = "acknowledged", _("order")
        PAYMENT = "paid_confirmed", _("payment")

    class How(models.TextChoices):
        SENT = "sent", _("sent by us")
        SHOP = "shop", _("sent by the shop")
        REFUSED = "refused", _("not sent")

    # What a customer was told stays, and the order with it.
    order = models.ForeignKey(Order, models.PROTECT, related_name="confirmations")
    kind = models.CharField(choices=Kind, max_length=14)
    how = models.CharField(choices=How, max_length=7)
    at = models.DateTimeField()
    by = models.CharField(max_length=80, help_text="A reference: agent:5.")
    email = models.CharField(max_length=320, blank=True, help_text="Where it went to.")
    reason = models.CharField(max_length=250, blank=True, help_text="Why nothing was sent.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "kind"], name="an_order_is_confirmed_once_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.how}"


class Reread(Record):
    """Stated times changed: orders under way are held to them anew, in small steps."""

    asked_at = models.DateTimeField()
    since = models.DateTimeField(help_text="Orders placed before that stay as they are.")
    position = models.BigIntegerField(default=0, help_text="The last order looked at.")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(ended_at=None), name="rereads_to_do")
        ]
