from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.conversations.models import Conversation, Message
from makegood.kit.records import Record
from makegood.makegoods.models import Makegood
from makegood.shop.models import Order
from makegood.team.models import Agent


class Cause(models.TextChoices):
    """Why an order will be late or short."""

    CARRIER_EXCEPTION = "carrier_exception", _("The carrier tells of trouble")
    NOT_HANDED_OVER = "not_handed_over", _("Label made, not handed over")
    SCAN_SILENCE = "scan_silence", _("No scan for too long")
    NOT_SHIPPED = "not_shipped", _("Not sent in time")
    LATE_DELIVERY = "late_delivery", _("Will be there too late")
    STOCK_GONE = "stock_gone", _("None is left")
    STILL_WAITING = "still_waiting", _("Told, and still not there")
    CAME_LATE = "came_late", _("Told, and there by now")


AFTERWARDS = (Cause.STILL_WAITING.value, Cause.CAME_LATE.value)
"""Second letters, to those who were told and said nothing; they slipped by another cause."""


class Amends(models.TextChoices):
    """What a letter gives besides its words."""

    NOTHING = "", _("Nothing but the words")
    LEAST = "least", _("A coupon: the least that the table names")
    MOST = "most", _("A coupon: the most that the table names")


class Slip(Record):
    """An order of which something slips, by one cause, and its customer has not asked yet."""

    class State(models.TextChoices):
        FOUND = "found", _("to be told")
        TOLD = "told", _("told")
        LEFT_OUT = "left_out", _("left out")
        CLOSED = "closed", _("went away by itself")

    order = models.ForeignKey(Order, models.PROTECT, related_name="slips")
    part = models.CharField(max_length=120, blank=True, help_text="Of which parcel, by its name.")
    cause = models.CharField(choices=Cause, max_length=20)
    carrier = models.CharField(max_length=60, blank=True, help_text="In one word: dhl.")
    state = models.CharField(choices=State, default=State.FOUND, max_length=10)
    since = models.DateTimeField(help_text="From when on it is so.")
    due_at = models.DateTimeField(null=True, blank=True, help_text="What was promised, or broke.")
    found_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(
        null=True, blank=True, help_text="When a letter was last tried by itself."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "part", "cause"], name="a_slip_is_found_once"),
            models.CheckConstraint(
                name="slips_that_ended_know_when",
                condition=Q(state="found", ended_at=None)
                | (~Q(state="found") & Q(ended_at__isnull=False)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["cause", "carrier", "id"], condition=Q(state="found"), name="slips_to_tell"
            ),
            models.Index(fields=["id"], condition=Q(state="found"), name="slips_to_look_at"),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.cause}"


class TellingQuery(models.QuerySet["Telling"]):
    def standing(self) -> "TellingQuery":
        """Those that were not taken back before they left."""
        return self.filter(taken_back_at=None)


class Telling(Record):
    """A customer was told of an order before they asked: once for each cause."""

    objects = TellingQuery.as_manager()

    order = models.ForeignKey(Order, models.PROTECT, related_name="tellings")
    cause = models.CharField(choices=Cause, max_length=20)
    customer = models.BigIntegerField(help_text="Who was told: the number of a customer.")
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, models.PROTECT, related_name="+")
    promise = models.BigIntegerField(null=True, blank=True, help_text="The new date's promise.")
    due_at = models.DateTimeField(null=True, blank=True, help_text="The end of the new day.")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_by_itself = models.BooleanField(default=False, help_text="Nobody pressed a button.")
    taken_back_at = models.DateTimeField(
        null=True, blank=True, help_text="It had not left yet, and there was no cause any more."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "cause"],
                condition=Q(taken_back_at=None),
                name="a_cause_is_told_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "-at"], name="tellings_of_a_customer"),
            models.Index(fields=["-at"], name="tellings_newest_first"),
            models.Index(
                fields=["at"], condition=Q(is_by_itself=True), name="tellings_by_themselves"
            ),
        ]


class Prepared(Record):
    """A letter that waits for the coupon it names: it leaves once the shop has made that."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for its coupon")
        TOLD = "told", _("told")
        FAILED = "failed", _("not told")

    slip = models.ForeignKey(Slip, models.PROTECT, related_name="prepared")
    makegood = models.OneToOneField(Makegood, models.PROTECT, related_name="+")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    texts = models.JSONField(help_text="By language.")
    day = models.DateField(null=True, blank=True)
    is_chosen = models.BooleanField(default=False, help_text="Whatever a person may pass over.")
    is_by_itself = models.BooleanField(default=False)
    state = models.CharField(choices=State, default=State.WAITING, max_length=10)
    why = models.CharField(max_length=250, blank=True, help_text="Why nobody was told.")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["slip"], condition=Q(ended_at=None), name="one_letter_waits_for_its_coupon"
            ),
            models.CheckConstraint(
                name="letters_that_wait_have_not_ended",
                condition=Q(state="waiting", ended_at=None)
                | (~Q(state="waiting") & Q(ended_at__isnull=False)),
            ),
        ]


class Round(models.Model):
    """How far the look over all orders that are due has come. Whoever holds its row looks."""

    name = models.CharField(max_length=20, primary_key=True)
    after = models.CharField(max_length=250, blank=True, help_text="A mark; empty: from the start.")
    next_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When all was looked at last.")


class Switch(models.Model):
    """What is done where an order slips by one cause, and in which words. No row: proposed."""

    class Way(models.TextChoices):
        OFF = "off", _("Say nothing of it")
        PROPOSE = "propose", _("Propose a letter: somebody looks, then sends")
        SEND = "send", _("Send the letter by itself")

    cause = models.CharField(choices=Cause, max_length=20, primary_key=True)
    way = models.CharField(choices=Way, default=Way.PROPOSE, max_length=10)
    texts = models.JSONField(default=dict, blank=True, help_text="Own words, by language.")
    names_day = models.BooleanField(default=False, help_text="By itself, the foreseen day too.")
    amends = models.CharField(choices=Amends, blank=True, max_length=10)
    since = models.DateTimeField(
        null=True, blank=True, help_text="From when on it sends; what was found before does not."
    )

    def __str__(self) -> str:
        return f"{self.cause}: {self.way}"


class Sender(models.Model):
    """Who letters that leave by themselves are from, and how many a day. One row, which locks."""

    agent = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="+")
    most = models.PositiveSmallIntegerField(default=20, help_text="By itself within a day.")
