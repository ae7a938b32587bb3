from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from makegood.calendars.models import Calendar
from makegood.conversations.models import Conversation, Draft
from makegood.kit.records import Record
from makegood.shop.models import Order
from makegood.team.models import Agent


class Policy(Record):
    """What we say to customers about how soon: the first one that fits a conversation holds."""

    name = models.CharField(max_length=80, unique=True)
    position = models.IntegerField(default=0, help_text="The order in which they are asked.")
    is_on = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class PolicyVersion(Record):
    """How a policy read from a moment on. One that was published is never changed again.

    `targets` holds, by the kind of a promise, `{"seconds": 28800, "clock": "hours"}`; `steps`
    what happens where it is at risk or broken: `{"at": "warn", "after": 0, "do": "notify",
    "whom": "owner"}`, seconds after that moment.
    """

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    condition = models.TextField(blank=True, help_text="A question; empty holds for all.")
    targets = models.JSONField(default=dict)
    rests_while_awaited = models.BooleanField(
        default=True, help_text="Whether the clock rests while the customer is awaited."
    )
    warn_share = models.PositiveSmallIntegerField(
        default=75, help_text="Percent of the time after which it is at risk."
    )
    steps = models.JSONField(default=list)
    published_at = models.DateTimeField(null=True, blank=True, help_text="Empty is a draft.")
    published_by = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="+")
    trouble = models.CharField(
        max_length=250, blank=True, help_text="Why its condition cannot be asked any more."
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["policy", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["policy", "number"], name="a_version_of_a_policy_has_its_number"
            ),
            models.UniqueConstraint(
                fields=["policy"],
                condition=Q(published_at=None),
                name="a_policy_has_one_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} v{self.number}"


class Cause(Record):
    """Why promises break: a word of the shop's own, chosen from a short list."""

    class Known(models.TextChoices):
        MANY = "many", _("too many at once")
        OTHERS = "others", _("waited for somebody else")
        OVERLOOKED = "overlooked", _("overlooked")
        PARCEL = "parcel", _("parcel service")
        STOCK = "stock", _("out of stock")
        OTHER = "other", _("something else")

    name = models.CharField(
        max_length=80, blank=True, help_text="Empty as long as it is called as it came."
    )
    known = models.CharField(choices=Known, max_length=12, blank=True)
    is_on = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_cause_is_called_something", condition=~Q(name="") | ~Q(known="")
            )
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_known_display())


GIVEN = ("personal", "call_back", "back_in_stock")
"""What was promised to one customer, and follows from no policy."""
DEADLINES = ("dispute_deadline", "approval")
"""What is due inside the house or at a provider: nothing of it was said to a customer."""
CARRIED = (*GIVEN, *DEADLINES)
"""What goes along where its conversation is joined into another, and comes back with it."""


class Promise(Record):
    """Something we said would happen by a time. Broken is never erased; late is kept late.

    It is settled when nothing is to be done about it any more. A broken one waits to be done
    still, unless its matter ended in another way.
    """

    class Kind(models.TextChoices):
        FIRST = "first_answer", _("first answer")
        NEXT = "next_answer", _("next answer")
        RESOLUTION = "resolution", _("resolution")
        PERSONAL = "personal", _("personal word")
        CALL_BACK = "call_back", _("call back")
        BACK_IN_STOCK = "back_in_stock", _("back in stock")
        DISPUTE = "dispute_deadline", _("answer to a dispute")
        APPROVAL = "approval", _("yes or no to a make-good")
        ACKNOWLEDGED = "acknowledged", _("order confirmed")
        PAID_CONFIRMED = "paid_confirmed", _("payment confirmed")
        SHIPPED = "shipped", _("sent")
        FIRST_SCAN = "first_scan", _("handed over to the carrier")
        DELIVERED = "delivered", _("delivered")
        REFUND_ARRIVED = "refund_arrived", _("money given back")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        BROKEN = "broken", _("broken")
        KEPT = "kept", _("kept")
        LATE = "kept_late", _("kept late")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Clock(models.TextChoices):
        HOURS = "hours", _("opening hours")
        ALWAYS = "always", _("around the clock")

    kind = models.CharField(choices=Kind, max_length=24)
    conversation = models.ForeignKey(
        Conversation, models.PROTECT, null=True, blank=True, related_name="promises",
        help_text="Empty where it is a promise of an order alone.",
    )  # fmt: skip
    # An order that a file's undo takes out takes what it was promised along.
    order = models.ForeignKey(
        Order, models.CASCADE, null=True, blank=True, related_name="promises", db_index=False
    )
    part = models.CharField(
        max_length=120, blank=True, help_text="Of what of its order: the number of a refund."
    )
    # Where it was made, if what it was made in was joined into another since.
    home = models.ForeignKey(
        Conversation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    owner = models.ForeignKey(
        Agent, models.PROTECT, null=True, blank=True, related_name="promises", db_index=False
    )
    words = models.CharField(max_length=250, blank=True, help_text="What the customer heard.")
    is_kept_by_writing = models.BooleanField(
        default=True, help_text="Whether the next answer keeps it; else somebody says so."
    )
    message = models.BigIntegerField(
        null=True, blank=True, help_text="The answer that said it; it may be gone again."
    )
    made_by = models.CharField(max_length=80, help_text="A reference: policy:3, agent:5.")
    made_at = models.DateTimeField()
    since = models.DateTimeField(help_text="When its clock began.")
    seconds = models.PositiveIntegerField(
        null=True, blank=True, help_text="How much time there is; empty where a moment was named."
    )
    clock = models.CharField(choices=Clock, default=Clock.HOURS, max_length=6)
    calendar = models.ForeignKey(
        Calendar, models.SET_NULL, null=True, blank=True, related_name="+"
    )  # hours that are no more leave the standard ones behind
    version = models.ForeignKey(
        PolicyVersion, models.PROTECT, null=True, blank=True, related_name="promises"
    )
    due_at = models.DateTimeField()
    bound_at = models.DateTimeField(
        null=True, blank=True, help_text="What was joined into it was due by then: no later."
    )
    warn_at = models.DateTimeField()
    next_at = models.DateTimeField(
        null=True, blank=True, help_text="When the clock must look at it again."
    )
    rests_since = models.DateTimeField(null=True, blank=True)
    state = models.CharField(choices=State, default=State.OPEN, max_length=10)
    warned_at = models.DateTimeField(null=True, blank=True)
    broken_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(
        max_length=80, blank=True, help_text="What kept it: message:12. Empty where nothing did."
    )
    reason = models.CharField(max_length=250, blank=True, help_text="Why nothing had to be done.")
    steps_done = models.JSONField(default=list)
    asks_since = models.DateTimeField(
        null=True, blank=True, help_text="Since when it asks why it broke, until somebody says it."
    )
    cause = models.ForeignKey(
        Cause, models.PROTECT, null=True, blank=True, related_name="promises", db_index=False
    )
    cause_words = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["conversation", "kind"],
                condition=Q(settled_at=None) & ~Q(kind__in=CARRIED),
                name="one_promise_of_a_kind_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["order", "kind", "part"],
                condition=Q(conversation=None),
                name="an_order_is_promised_a_thing_once",
            ),
            models.CheckConstraint(
                name="a_promise_is_of_something",
                condition=Q(conversation__isnull=False) | Q(order__isnull=False),
            ),
            models.CheckConstraint(
                name="open_promises_are_not_settled",
                condition=~Q(state="open") | Q(settled_at=None),
            ),
            models.CheckConstraint(
                name="promises_that_ended_know_when",
                condition=Q(state__in=["open", "broken"]) | Q(settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="late_promises_know_since_when",
                condition=Q(broken_at__isnull=False)
                | (Q(broken_at=None) & ~Q(state__in=["broken", "kept_late"])),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["order"], condition=Q(order__isnull=False), name="promises_of_an_order"
            ),
            models.Index(
                fields=["due_at", "id"],
                condition=Q(settled_at=None, rests_since=None, order__isnull=False),
                name="next_due_of_orders",
            ),
            models.Index(
                fields=["next_at", "id"], condition=Q(next_at__isnull=False), name="next_to_look_at"
            ),
            models.Index(
                fields=["due_at", "id"],
                condition=Q(settled_at=None, rests_since=None),
                name="next_due_first",
            ),
            models.Index(
                fields=["owner", "due_at", "id"],
                condition=Q(settled_at=None, rests_since=None, owner__isnull=False),
                name="next_due_of_an_agent",
            ),
            models.Index(
                fields=["calendar", "id"], condition=Q(settled_at=None), name="open_by_calendar"
            ),
            models.Index(
                fields=["settled_at", "id"],
                condition=Q(settled_at__isnull=False),
                name="settled_by_time",
            ),
            models.Index(
                fields=["home"], condition=Q(home__isnull=False), name="promises_carried_along"
            ),
            models.Index(
                fields=["broken_at", "id"],
                condition=Q(broken_at__isnull=False),
                name="broken_by_time",
            ),
            models.Index(
                fields=["due_at", "id"],
                condition=Q(asks_since__isnull=False),
                name="asks_why_it_broke",
            ),
            models.Index(
                fields=["cause", "due_at", "id"],
                condition=Q(cause__isnull=False),
                name="broken_by_cause",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def is_personal(self) -> bool:
        """Whether it was given to this customer alone, and is kept by doing it."""
        return self.kind in GIVEN

    @property
    def is_of_an_order(self) -> bool:
        """Whether it is of an order alone: every agent sees it, and the shop's news keep it."""
        return self.conversation_id is None

    @property
    def is_settled(self) -> bool:
        return self.settled_at is not None

    @property
    def is_at_risk(self) -> bool:
        return self.state == self.State.OPEN and self.warned_at is not None


class Meant(models.Model):
    """A word in an answer that has not left yet: it is given when that leaves, and goes with it."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="meant")  # a part of it
    words = models.CharField(max_length=250)
    due_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["draft", "words", "due_at"], name="the_same_word_is_meant_once"
            )
        ]
        ordering: ClassVar[list[str]] = ["due_at", "pk"]

    def __str__(self) -> str:
        return self.words


class Rest(models.Model):
    """The clock of a promise stood still: from one moment to another, or until now."""

    promise = models.ForeignKey(Promise, models.CASCADE, related_name="rests")  # a part of it
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_rest_does_not_end_before_it_begins",
                condition=Q(ends_at=None) | Q(begins_at__lte=F("ends_at")),
            ),
            models.UniqueConstraint(
                fields=["promise"], condition=Q(ends_at=None), name="a_promise_rests_once"
            ),
        ]
        ordering: ClassVar[list[str]] = ["begins_at", "pk"]


class Recount(Record):
    """Opening hours changed: the promises counted by them are counted anew, in small steps."""

    calendar = models.ForeignKey(Calendar, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=80, help_text="What the hours were called.")
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    position = models.BigIntegerField(default=0, help_text="The last promise looked at.")
    looked_at = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(ended_at=None), name="recounts_to_do")
        ]


class Preview(Record):
    """What a draft would have done to the last month, beside what is in force and what happened.

    Conversations are looked at in small steps in the background; `counts` grows with them.
    """

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="previews")
    version = models.ForeignKey(
        PolicyVersion, models.CASCADE, related_name="+"
    )  # of no worth without the draft that it is of
    drafted = models.JSONField(help_text="How the draft read when it was asked.")
    asked_by = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    begins_at = models.DateTimeField(help_text="From when conversations are looked at.")
    position = models.BigIntegerField(default=0, help_text="The last conversation looked at.")
    total = models.PositiveIntegerField(default=0, help_text="About how many there are.")
    looked_at = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    seconds = models.FloatField(default=0, help_text="How long it worked.")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(ended_at=None), name="previews_to_do")
        ]
