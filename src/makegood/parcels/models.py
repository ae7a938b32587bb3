from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.kit.records import Record
from makegood.shop.models import Order, Scan
from makegood.team.models import Agent


class Parcel(Record):
    """One parcel by its carrier and number, whichever orders are in it."""

    carrier = models.CharField(max_length=60, blank=True, help_text="In one word: dhl.")
    folded = models.CharField(max_length=120, help_text="Its number as it is compared.")
    tracking = models.CharField(max_length=120, help_text="Its number as it was said.")
    expected_at = models.DateTimeField(null=True, blank=True, help_text="By its carrier's word.")
    is_over = models.BooleanField(default=False, help_text="Delivered, or it came back.")
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True, help_text="When we asked for it last.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["folded", "carrier"], name="a_parcel_is_known_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], condition=Q(is_over=False), name="parcels_under_way")
        ]

    def __str__(self) -> str:
        return self.tracking


class Track(models.Model):
    """What became of a parcel at a moment, by the word of one source."""

    class Source(models.TextChoices):
        EASYPOST = "easypost", "EasyPost"
        AFTERSHIP = "aftership", "AfterShip"
        KARRIO = "karrio", "karrio"
        HAND = "hand", _("by hand")

    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="tracks")  # a part of it
    kind = models.CharField(choices=Scan.Kind, max_length=16)
    at = models.DateTimeField()
    place = models.CharField(max_length=120, blank=True)
    words = models.CharField(max_length=250, blank=True, help_text="As the source says it.")
    source = models.CharField(choices=Source, max_length=10)
    agent = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="+")
    heard_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["parcel", "source", "kind", "at", "place"],
                name="a_source_tells_a_scan_once",
            ),
            models.CheckConstraint(
                name="who_tells_by_hand_is_known",
                condition=Q(source="hand", agent__isnull=False)
                | (~Q(source="hand") & Q(agent=None)),
            ),
        ]


class Belonging(models.Model):
    """Somebody said that a parcel is of an order, which the shop had not told."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="parcels")
    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="belongings")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "parcel"], name="a_parcel_is_given_once")
        ]


class ToWeigh(models.Model):
    """An order was written or taken out: what is counted of it is to be looked at again."""

    order = models.BigIntegerField()


class Turn(models.Model):
    """Whoever holds this row's lock counts; there is one."""

    name = models.CharField(max_length=20, primary_key=True)


class Weighed(models.Model):
    """What was counted of one order: its times, and whether it came late.

    It holds what the sums below hold of this order, so that it can be taken out of them.
    """

    class Verdict(models.TextChoices):
        PENDING = "pending", _("not due yet")
        ON_TIME = "on_time", _("on time")
        LATE = "late", _("late")
        NONE = "none", _("not judged")

    order = models.BigIntegerField(primary_key=True, help_text="An order's own number, kept")
    shop = models.BigIntegerField()
    day = models.DateField(help_text="When it was placed.")
    country = models.CharField(max_length=2, blank=True)
    area = models.CharField(max_length=4, blank=True, help_text="How its postcode begins.")
    method = models.CharField(max_length=120, blank=True)
    carrier = models.CharField(max_length=60, blank=True)
    placed_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    parcels = models.JSONField(default=list, help_text="Carrier, label, first scan, delivered.")
    skus = models.JSONField(default=list)
    due_at = models.DateTimeField(null=True, blank=True)
    is_stated = models.BooleanField(default=False, help_text="The date was told, not learned.")
    verdict = models.CharField(choices=Verdict, default=Verdict.NONE, max_length=8)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=Q(verdict="pending"), name="orders_that_come_due"
            ),
            models.Index(fields=["verdict", "-day", "-order"], name="orders_by_their_verdict"),
        ]


class Learned(models.Model):
    """How long parcels took in one month, on one lane or a wider circle, from one moment on."""

    class Clock(models.TextChoices):
        PLACED = "placed", _("from the order")
        LABEL = "label", _("from the label")
        FIRST = "first", _("from the first scan")

    lane = models.CharField(max_length=260, help_text="Shop, carrier, method, country, area.")
    clock = models.CharField(choices=Clock, max_length=6)
    month = models.DateField(help_text="Its first day: of the parcels' beginning.")
    n = models.PositiveIntegerField(default=0)
    days = models.JSONField(default=dict, help_text="How many took so many quarters of a day.")
    work = models.JSONField(default=dict, help_text="The same, Saturdays and Sundays not counted.")
    weekends = models.PositiveIntegerField(default=0, help_text="Delivered on one of those days.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["lane", "clock", "month"], name="a_month_of_a_lane_is_learned_once"
            )
        ]


class LateDay(models.Model):
    """Orders of one day that were judged, and how many were late: of a product, or of all."""

    sku = models.CharField(max_length=120, blank=True, help_text="Empty: the orders themselves.")
    country = models.CharField(max_length=2, blank=True)
    carrier = models.CharField(max_length=60, blank=True)
    day = models.DateField()
    orders = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sku", "country", "carrier", "day"], name="a_day_is_judged_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["sku", "day", "country", "carrier", "orders", "late"],
                name="late_by_product",
            )
        ]


class Article(models.Model):
    """What a product is called, as its orders say."""

    sku = models.CharField(max_length=120, primary_key=True)
    title = models.CharField(max_length=250)
