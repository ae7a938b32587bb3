from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.authority.models import Budget
from makegood.conversations.models import Conversation
from makegood.kit.money import Money
from makegood.kit.records import Record
from makegood.ledger.models import AppendOnly
from makegood.shop.models import Order
from makegood.team.models import Agent


class Remedy(models.TextChoices):
    """What makes up for it."""

    COUPON = "coupon", _("Coupon")
    REFUND = "refund", _("Refund")
    CREDIT = "credit", _("Store credit")
    SHIPPING = "shipping", _("Upgraded shipping")
    REPLACEMENT = "replacement", _("Replacement")
    GESTURE = "gesture", _("Gesture")


class History(models.TextChoices):
    """How long somebody has bought here."""

    ANY = "any", _("everybody")
    FIRST = "first", _("first order")
    RETURNING = "returning", _("bought before")
    VALUED = "valued", _("five orders and more")


class OwnFailure(Record):
    """A way of falling short that this shop names itself."""

    name = models.CharField(max_length=60, unique=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class PolicyVersion(Record):
    """What is given for what, in one currency: a draft, or a version that never changes."""

    currency = models.CharField(max_length=3)
    number = models.PositiveIntegerField(null=True, blank=True, help_text="None while a draft.")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["currency", "number"], name="a_version_of_makegoods_stands_once"
            ),
            models.UniqueConstraint(
                fields=["currency"], condition=Q(number=None), name="one_draft_of_makegoods"
            ),
        ]


class PolicyLine(models.Model):
    """One line of the table: for this failure, so much an order and such a history, this remedy."""

    class Unit(models.TextChoices):
        FIXED = "fixed", _("amount")
        PERCENT = "percent", _("percent of the order")

    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="lines")  # a part of it
    position = models.PositiveSmallIntegerField()
    failure = models.CharField(max_length=24)
    from_minor = models.BigIntegerField(default=0)
    below_minor = models.BigIntegerField(null=True, blank=True)
    history = models.CharField(choices=History, default=History.ANY, max_length=10)
    remedy = models.CharField(choices=Remedy, max_length=12)
    unit = models.CharField(choices=Unit, max_length=7)
    least = models.BigIntegerField(help_text="Minor units, or percent.")
    most = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "position"], name="a_line_of_makegoods_has_its_place"
            )
        ]


class Makegood(Record):
    """What is given because we fell short: offered, approved, given, and what became of it."""

    class State(models.TextChoices):
        OFFERED = "offered", _("waits for a yes")
        APPROVED = "approved", _("to be given")
        GIVEN = "given", _("given")
        REDEEMED = "redeemed", _("redeemed")
        EXPIRED = "expired", _("expired")
        DECLINED = "declined", _("declined")
        TAKEN_BACK = "taken_back", _("taken back")

    conversation = models.ForeignKey(
        Conversation, models.PROTECT, null=True, blank=True, related_name="makegoods"
    )
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="makegoods"
    )
    failure = models.CharField(max_length=24)
    remedy = models.CharField(choices=Remedy, max_length=12)
    state = models.CharField(choices=State, default=State.OFFERED, max_length=10)
    currency = models.CharField(max_length=3)
    face_minor = models.BigIntegerField(help_text="What it is worth to the customer.")
    cost_minor = models.BigIntegerField(help_text="What it costs us.")
    least_minor = models.BigIntegerField(null=True, blank=True, help_text="By the policy.")
    most_minor = models.BigIntegerField(null=True, blank=True)
    version = models.ForeignKey(
        PolicyVersion, models.PROTECT, null=True, blank=True, related_name="makegoods",
        help_text="None where the house's own table held.",
    )  # fmt: skip
    reason_ref = models.CharField(max_length=80, blank=True, help_text="promise:12")
    words = models.CharField(max_length=500, blank=True, help_text="What exactly is given.")
    lines = models.JSONField(
        default=list, help_text="What is sent once more: the shop’s number of a line, and how many."
    )
    why = models.CharField(max_length=500, blank=True, help_text="To us only.")
    product = models.CharField(max_length=120, blank=True, help_text="An article's number.")
    carrier = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=60, blank=True)
    is_first_order = models.BooleanField(default=False)
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="makegoods")
    budget = models.ForeignKey(Budget, models.PROTECT, null=True, blank=True, related_name="+")
    client_key = models.CharField(max_length=40, unique=True, help_text="One for each form.")
    seal = models.CharField(
        max_length=16, blank=True, help_text="Tells it from another desk's of this number."
    )
    at = models.DateTimeField()
    given_at = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    redeemed_at = models.DateTimeField(null=True, blank=True)
    redeemed_with = models.CharField(max_length=80, blank=True, help_text="order:31")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(conversation__isnull=False) | Q(order__isnull=False),
                name="a_makegood_is_of_something",
            ),
            models.CheckConstraint(
                condition=Q(face_minor__gte=0, cost_minor__gte=0),
                name="a_makegood_is_not_below_nothing",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-at", "-id"], name="makegoods_newest"),
            models.Index(fields=["failure", "currency", "-at"], name="makegoods_of_a_failure"),
            models.Index(
                fields=["valid_until"], condition=Q(state="given"), name="makegoods_to_expire"
            ),
            models.Index(fields=["code"], condition=~Q(code=""), name="makegoods_by_code"),
        ]

    @property
    def face(self) -> Money:
        return Money(self.face_minor, self.currency)

    @property
    def cost(self) -> Money:
        return Money(self.cost_minor, self.currency)

    @property
    def at_stake(self) -> Money:
        """What it takes of somebody's authority: the more of what it costs and is worth."""
        return Money(max(self.face_minor, self.cost_minor), self.currency)

    @property
    def case(self) -> str:
        """What it is counted with: its order, or else its conversation."""
        return f"order:{self.order_id}" if self.order_id else f"conversation:{self.conversation_id}"

    def is_outside(self) -> bool:
        """Whether the policy would have given less or more, or nothing of the kind."""
        if self.least_minor is None or self.most_minor is None:
            return True
        return not self.least_minor <= self.face_minor <= self.most_minor


class Approval(Record):
    """A question to whoever may give so much: yes or no, with reasons both ways."""

    class Answer(models.TextChoices):
        YES = "yes", _("approved")
        NO = "no", _("declined")
        NEVER = "never", _("not needed any more")

    makegood = models.OneToOneField(Makegood, models.PROTECT, related_name="approval")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="When others are asked as well.")
    asked = models.JSONField(default=list, help_text="The numbers of the agents who were asked.")
    escalated_at = models.DateTimeField(null=True, blank=True)
    promise = models.BigIntegerField(
        null=True, blank=True, help_text="What whoever asked was promised; none of an order alone."
    )
    answer = models.CharField(choices=Answer, blank=True, max_length=5)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(max_length=500, blank=True, help_text="Why, to whoever asked.")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=Q(answered_at=None), name="approvals_that_wait"
            )
        ]


class Entry(AppendOnly, Record):
    """Money that went into making good, or that came back; summed, and never changed."""

    class Kind(models.TextChoices):
        GIVEN = "given", _("given")
        EXPIRED = "expired", _("expired")
        TAKEN_BACK = "taken_back", _("taken back")
        USED = "used", _("used all the same")

    makegood = models.ForeignKey(Makegood, models.PROTECT, related_name="entries")
    kind = models.CharField(choices=Kind, max_length=10)
    currency = models.CharField(max_length=3)
    cost_minor = models.BigIntegerField()
    face_minor = models.BigIntegerField()
    failure = models.CharField(max_length=24)
    remedy = models.CharField(choices=Remedy, max_length=12)
    product = models.CharField(max_length=120, blank=True)
    carrier = models.CharField(max_length=60, blank=True)
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    month = models.DateField(help_text="The first day of the month, by the house's clock.")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["makegood", "kind"], name="an_entry_is_made_once")
        ]
        indexes: ClassVar = [models.Index(fields=["currency", "month"], name="entries_of_a_month")]
