from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.conversations.models import Conversation
from makegood.kit.money import Money
from makegood.kit.records import Record
from makegood.shop.models import Connection, Order
from makegood.team.models import Agent


class Provider(models.TextChoices):
    """Who moves the money, and hears both sides."""

    STRIPE = "stripe", _("Stripe")
    PAYPAL = "paypal", _("PayPal")


class Reason(models.TextChoices):
    """What the customer says is wrong; the provider's own word stands beside it."""

    NOT_RECEIVED = "not_received", _("not received")
    NOT_AS_DESCRIBED = "not_as_described", _("not as described")
    UNAUTHORISED = "unauthorised", _("not ordered by them")
    UNRECOGNISED = "unrecognised", _("not recognised")
    NO_CREDIT = "no_credit", _("refund did not arrive")
    DUPLICATE = "duplicate", _("paid twice")
    CANCELLED = "cancelled", _("had cancelled")
    OTHER = "other", _("something else")


class Dispute(Record):
    """A customer asks for their money over the bank or PayPal, and we are to answer by a day."""

    class Stage(models.TextChoices):
        INQUIRY = "inquiry", _("question")
        CLAIM = "claim", _("claim")
        SECOND = "second", _("second round")
        ARBITRATION = "arbitration", _("arbitration")

    class State(models.TextChoices):
        NEEDS_ANSWER = "needs_answer", _("needs an answer")
        ANSWERED = "answered", _("answered")
        WON = "won", _("won")
        LOST = "lost", _("lost")
        ACCEPTED = "accepted", _("accepted")
        WITHDRAWN = "withdrawn", _("withdrawn by the customer")

    provider = models.CharField(choices=Provider, max_length=10)
    external_id = models.CharField(max_length=120)
    connection = models.ForeignKey(
        Connection, models.SET_NULL, null=True, blank=True, related_name="+"
    )  # by which it came; what it told outlives the way
    is_test = models.BooleanField(default=False, help_text="Of the provider's test mode.")
    charge = models.CharField(max_length=120, blank=True, help_text="The provider's payment.")
    intent = models.CharField(max_length=120, blank=True, help_text="Its other name: pi_…")
    order_number = models.CharField(max_length=120, blank=True, help_text="As the provider has it.")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    fee_minor = models.BigIntegerField(default=0, help_text="What the dispute itself cost.")
    fee_currency = models.CharField(max_length=3, blank=True)
    reason = models.CharField(choices=Reason, max_length=16)
    reason_word = models.CharField(max_length=80, help_text="The provider's own word.")
    network_code = models.CharField(max_length=20, blank=True, help_text="The card network's.")
    stage = models.CharField(choices=Stage, max_length=12)
    state = models.CharField(choices=State, max_length=12)
    status_word = models.CharField(max_length=60, help_text="The provider's own word.")
    email = models.CharField(max_length=320, blank=True, help_text="As handles are compared.")
    name = models.CharField(max_length=120, blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(help_text="When the provider said so, by its own clock.")
    told_rank = models.PositiveSmallIntegerField(default=0)
    told = models.CharField(max_length=64, help_text="The hash of all that it said.")
    order = models.ForeignKey(Order, models.PROTECT, null=True, blank=True, related_name="disputes")
    conversation = models.ForeignKey(
        Conversation, models.PROTECT, null=True, blank=True, related_name="disputes"
    )
    promise = models.BigIntegerField(null=True, blank=True, help_text="Its deadline's promise.")
    statement = models.TextField(blank=True, help_text="What we say to it, in our own words.")
    accepted_by = models.ForeignKey(
        Agent, models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Who decided not to answer it.",
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "external_id"], name="a_dispute_stands_once"
            ),
            models.CheckConstraint(
                name="disputes_that_ended_know_when",
                condition=Q(state__in=["needs_answer", "answered"], ended_at=None)
                | (~Q(state__in=["needs_answer", "answered"]) & Q(ended_at__isnull=False)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at", "id"], condition=Q(ended_at=None), name="open_disputes_first_due"
            ),
            models.Index(
                fields=["-ended_at", "-id"],
                condition=Q(ended_at__isnull=False),
                name="disputes_that_ended",
            ),
        ]

    def __str__(self) -> str:
        return self.external_id

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def fee(self) -> Money | None:
        return Money(self.fee_minor, self.fee_currency) if self.fee_minor else None

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


class Choice(models.Model):
    """What a person decided about one piece of evidence: whether it goes, and in which words."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="choices")  # a part of it
    piece = models.CharField(max_length=40, help_text="Of which piece: order, message:12.")
    is_in = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispute", "piece"], name="a_piece_is_chosen_once")
        ]


class Answer(Record):
    """The evidence goes to the provider, once: by its interface, or by hand."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DOING = "doing", _("being sent")
        DONE = "done", _("sent")
        DECLINED = "declined", _("refused")
        IN_DOUBT = "in_doubt", _("in doubt")

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="answers")
    key = models.CharField(
        max_length=64, unique=True, help_text="Sent along, so that it counts once."
    )
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    is_by_hand = models.BooleanField(default=False)
    state = models.CharField(choices=State, default=State.WAITING, max_length=10)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the packet as it was confirmed.")
    pieces = models.JSONField(default=list, help_text="What was in it, by the names of pieces.")
    trouble = models.CharField(max_length=250, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dispute"],
                condition=Q(state__in=["waiting", "doing", "in_doubt"]),
                name="one_answer_is_under_way",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state__in=["waiting", "doing", "in_doubt"]),
                name="answers_to_send",
            )
        ]


class ProviderRefund(Record):
    """Money that the provider gave back, as it tells of it: apart from what the shop tells."""

    class State(models.TextChoices):
        PENDING = "pending", _("under way")
        DONE = "done", _("given back")
        FAILED = "failed", _("did not go through")

    provider = models.CharField(choices=Provider, max_length=10)
    external_id = models.CharField(max_length=120)
    charge = models.CharField(max_length=120, blank=True)
    intent = models.CharField(max_length=120, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(choices=State, max_length=8)
    reference = models.CharField(
        max_length=120, blank=True, help_text="By which a bank finds it (ARN)."
    )
    at = models.DateTimeField()
    told_at = models.DateTimeField()
    told_rank = models.PositiveSmallIntegerField(default=0)
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="provider_refunds"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "external_id"], name="a_refund_of_a_provider_stands_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["charge"], name="refunds_of_a_charge")]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Asked(models.Model):
    """When a provider is asked next what it knows of disputes."""

    connection = models.OneToOneField(
        Connection, models.CASCADE, related_name="+"
    )  # of no worth without it
    next_at = models.DateTimeField()
