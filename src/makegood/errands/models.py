from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.conversations.models import Conversation
from makegood.kit.money import Money
from makegood.kit.records import Record
from makegood.shop.models import Order, Shop
from makegood.team.models import Agent


class Errand(Record):
    """Something that a shop was asked to do: a refund, another address, a coupon.

    It is done once for its key, however often it is tried. Between asking and answering it may
    have happened: then it is looked for, and never done again until that is known.
    """

    class What(models.TextChoices):
        REFUND = "refund", _("Refund")
        CANCEL = "cancel", _("Cancel the order")
        ADDRESS = "address", _("Change the address")
        RESEND = "resend", _("Send the confirmation again")
        REPLACEMENT = "replacement", _("Send a replacement")
        RETURN_LABEL = "return_label", _("Return label")
        COUPON = "coupon", _("Coupon")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DOING = "doing", _("being done")
        BY_HAND = "by_hand", _("to be done by hand")
        IN_DOUBT = "in_doubt", _("in doubt")
        DONE = "done", _("done")
        DECLINED = "declined", _("the shop says no")
        CALLED_OFF = "called_off", _("called off")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="errands")
    # An order that a file brought may be taken out again; what was asked for it stays.
    order = models.ForeignKey(Order, models.SET_NULL, null=True, related_name="errands")
    order_number = models.CharField(max_length=120, blank=True)
    conversation = models.ForeignKey(
        Conversation, models.PROTECT, null=True, blank=True, related_name="errands"
    )
    what = models.CharField(choices=What, max_length=12)
    wanted = models.JSONField(help_text="What is to be done, as a connector is told it.")
    minor = models.BigIntegerField(default=0, help_text="The money at stake, in minor units.")
    currency = models.CharField(max_length=3, blank=True)
    key = models.CharField(max_length=80, unique=True, help_text="Asked twice, it is done once.")
    agent = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="+")
    taken_ref = models.CharField(
        max_length=80, blank=True, help_text="Under what the sum was taken from an authority."
    )
    is_ours_to_give_back = models.BooleanField(default=False)
    state = models.CharField(choices=State, default=State.WAITING, max_length=10)
    asked_at = models.DateTimeField()
    next_at = models.DateTimeField(
        null=True, blank=True, help_text="When the worker may look at it; empty where it may not."
    )
    leased_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when it may have happened."
    )
    looks = models.PositiveSmallIntegerField(default=0, help_text="How often it was looked for.")
    tries = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=80, blank=True, help_text="A reference: agent:5.")
    external_id = models.CharField(max_length=120, blank=True)
    words = models.CharField(max_length=500, blank=True, help_text="What the shop said.")
    gave = models.JSONField(default=dict, help_text="What it gave: a code, an address of a label.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="errands_that_ended_know_when",
                condition=Q(settled_at=None, state__in=["waiting", "doing", "by_hand", "in_doubt"])
                | Q(settled_at__isnull=False, state__in=["done", "declined", "called_off"]),
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_at", "id"], condition=Q(next_at__isnull=False), name="errands_next"
            ),
            models.Index(
                fields=["state", "id"],
                condition=Q(state__in=["by_hand", "in_doubt"]),
                name="errands_for_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.order_number}".strip()

    @property
    def money(self) -> Money | None:
        """What is at stake; nothing for what costs nothing."""
        return Money(self.minor, self.currency) if self.currency and self.minor else None

    @property
    def is_settled(self) -> bool:
        return self.settled_at is not None

    @property
    def may_be_called_off(self) -> bool:
        """Nothing was said to the shop yet."""
        waits = self.state in (self.State.WAITING, self.State.BY_HAND)
        return waits and self.begun_at is None

    @property
    def needs_a_person(self) -> bool:
        """Only a person can say how it ended."""
        is_lost = self.state == self.State.IN_DOUBT and self.next_at is None
        return is_lost or self.state == self.State.BY_HAND
