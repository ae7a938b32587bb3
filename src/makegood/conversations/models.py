from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.channels.models import Arrival, Inbox
from makegood.conversations.kept_views import SavedView as SavedView  # noqa: PLC0414  # as below
from makegood.conversations.kept_views import ViewPlace as ViewPlace  # noqa: PLC0414
from makegood.conversations.traces import Seen as Seen  # noqa: PLC0414  # its place is here
from makegood.conversations.traces import Token as Token  # noqa: PLC0414
from makegood.customers.models import Customer, Handle
from makegood.files.models import File
from makegood.kit.ids import new_token
from makegood.kit.records import Record
from makegood.team.models import Agent, Team


class Tag(Record):
    """A word on a conversation."""

    class Colour(models.TextChoices):
        NONE = "", _("none")
        RED = "red", _("red")
        AMBER = "amber", _("amber")
        GREEN = "green", _("green")
        BLUE = "blue", _("blue")
        VIOLET = "violet", _("violet")
        GREY = "grey", _("grey")

    name = models.CharField(max_length=40, unique=True)
    colour = models.CharField(
        choices=Colour, max_length=8, blank=True, default=Colour.NONE, db_default=""
    )
    # An old name: whoever still says it means the other. No conversation bears it.
    stands_for = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="other_names"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Conversation(Record):
    """Everything said with one customer about one matter, on every channel."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        SNOOZED = "snoozed", _("snoozed")
        RESOLVED = "resolved", _("resolved")
        JOINED = "joined", _("joined")
        SPAM = "spam", _("spam")

    class Priority(models.IntegerChoices):
        """How urgent it is: a number, because lists are sorted by it, the most urgent first."""

        URGENT = 1, _("urgent")
        HIGH = 2, _("high")
        NORMAL = 3, _("normal")
        LOW = 4, _("low")

    class Mood(models.TextChoices):
        """How the customer's latest words sound; nothing where that cannot be told."""

        ANGRY = "angry", _("angry")
        UNHAPPY = "unhappy", _("unhappy")
        NEUTRAL = "neutral", _("neutral")
        PLEASED = "pleased", _("pleased")

    class Turn(models.TextChoices):
        """Whose turn it is. `ours` sorts first: who waits for us stands at the front."""

        OURS = "ours", _("waiting")
        THEIRS = "theirs", _("answered")

    is_held = False  # whether this transaction has locked it already: `standing.hold`
    public_id = models.CharField(max_length=26, unique=True, default=new_token, editable=False)
    inbox = models.ForeignKey(Inbox, models.PROTECT, related_name="conversations")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="conversations")
    subject = models.CharField(max_length=250, blank=True)
    status = models.CharField(choices=Status, default=Status.OPEN, max_length=10)
    turn = models.CharField(choices=Turn, default=Turn.OURS, max_length=6)
    turn_since = models.DateTimeField(help_text="Since when it has been that side's turn.")
    priority = models.SmallIntegerField(
        choices=Priority, default=Priority.NORMAL, db_default=Priority.NORMAL
    )
    mood = models.CharField(choices=Mood, max_length=8, blank=True, default="", db_default="")
    mood_told = models.BooleanField(
        default=False, db_default=False, help_text="Whether an agent said so, of these words."
    )
    snoozed_until = models.DateTimeField(null=True, blank=True)
    wakes_with = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )  # when that one is settled; without it and without a time, when the customer writes
    woke = models.CharField(
        max_length=40, blank=True, default="", db_default="", help_text="What ended its rest."
    )
    assignee = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    tags = models.ManyToManyField(Tag, blank=True)
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField(help_text="When the last message was said.")
    last_message = models.BigIntegerField(default=0, help_text="The newest message's number.")
    last_incoming = models.BigIntegerField(default=0)
    preview = models.CharField(max_length=200, blank=True)
    looks_like = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+"
    )  # a hint to join, not a bond: it may go
    looks_like_because = models.CharField(
        max_length=250, blank=True, default="", db_default="", help_text="In the agents' words."
    )
    unlike_at = models.DateTimeField(
        null=True, blank=True, help_text="When an agent said that they are not the same."
    )
    joined_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="joined_here"
    )
    has_attachment = models.BooleanField(default=False)
    is_undelivered = models.BooleanField(
        default=False, db_default=False, help_text="Our newest answer did not get there."
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="only_snoozed_conversations_wake",
                condition=Q(status="snoozed") | Q(snoozed_until=None),
            ),
            models.CheckConstraint(
                name="resolved_conversations_know_when",
                condition=Q(status="resolved", resolved_at__isnull=False)
                | (~Q(status="resolved") & Q(resolved_at=None)),
            ),
            models.CheckConstraint(
                name="joined_conversations_know_into_which",
                condition=Q(status="joined", joined_into__isnull=False)
                | (~Q(status="joined") & Q(joined_into=None)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["status", "turn", "turn_since", "id"], name="queue"),
            models.Index(
                fields=["inbox", "status", "turn", "turn_since", "id"], name="queue_of_an_inbox"
            ),
            models.Index(
                fields=["assignee", "status", "turn", "turn_since", "id"], name="queue_of_an_agent"
            ),
            models.Index(
                fields=["status", "turn", "turn_since", "id"],
                condition=Q(assignee=None),
                name="queue_of_nobody",
            ),
            models.Index(
                fields=["team", "status", "turn", "turn_since", "id"],
                condition=Q(team__isnull=False),
                name="queue_of_a_team",
            ),
            models.Index(fields=["status", "-last_at", "-id"], name="newest_by_status"),
            models.Index(
                fields=["assignee", "status", "-last_at", "-id"],
                condition=Q(assignee__isnull=False),
                name="newest_of_an_agent",
            ),
            models.Index(
                fields=["team", "status", "-last_at", "-id"],
                condition=Q(team__isnull=False),
                name="newest_of_a_team",
            ),
            models.Index(fields=["inbox", "status", "-last_at", "-id"], name="newest_of_an_inbox"),
            models.Index(fields=["customer", "-last_at"], name="newest_of_a_customer"),
            models.Index(
                fields=["snoozed_until"], condition=Q(status="snoozed"), name="snoozed_to_wake"
            ),
            models.Index(
                fields=["wakes_with"], condition=Q(wakes_with__isnull=False), name="who_wait_for_it"
            ),
            models.Index(
                fields=["-last_at", "-id"], condition=Q(is_undelivered=True), name="undelivered"
            ),
            models.Index(
                fields=["status", "priority", "turn", "turn_since", "id"], name="most_urgent_first"
            ),
            models.Index(
                fields=["mood", "status"],
                condition=Q(mood__in=["angry", "unhappy", "pleased"]),
                name="by_mood",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.subject}"

    def is_waiting(self) -> bool:
        return self.status == self.Status.OPEN and self.turn == self.Turn.OURS


class Participant(models.Model):
    """A handle that takes part. Whoever was added by mail alone sees nothing of the past."""

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        PENDING = "pending", _("pending")
        LEFT = "left", _("left")

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="participants")
    handle = models.ForeignKey(Handle, models.PROTECT, related_name="+")
    state = models.CharField(choices=State, default=State.ACTIVE, max_length=10)
    joined_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["conversation", "handle"], name="a_handle_takes_part_once"
            )
        ]


class Join(models.Model):
    """One conversation became part of another; what it takes to undo that."""

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="joins")
    into = models.ForeignKey(Conversation, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    before = models.JSONField(help_text="How the joined one stood, and what it brought along.")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(undone_at=None),
                name="a_conversation_is_joined_into_one",
            )
        ]


class Message(Record):
    """One thing said: by the customer or to the customer. A note is never a message."""

    class Direction(models.TextChoices):
        INCOMING = "incoming", _("incoming")
        OUTGOING = "outgoing", _("outgoing")

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="messages")
    inbox = models.ForeignKey(Inbox, models.PROTECT, related_name="+")
    direction = models.CharField(choices=Direction, max_length=10)
    handle = models.ForeignKey(Handle, models.PROTECT, null=True, blank=True, related_name="+")
    agent = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="+")
    author_name = models.CharField(max_length=120, blank=True)
    subject = models.CharField(max_length=250, blank=True)
    text = models.TextField(blank=True)
    quoted = models.TextField(blank=True)
    html = models.TextField(blank=True, help_text="Sanitised; shown only in a sandboxed frame.")
    at = models.DateTimeField()
    said_at = models.DateTimeField(null=True, blank=True, help_text="By the sender's own clock.")
    external_id = models.CharField(max_length=250, blank=True)
    arrival = models.ForeignKey(Arrival, models.PROTECT, null=True, blank=True, related_name="+")
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)
    trust = models.CharField(max_length=20, blank=True)
    trust_reason = models.TextField(blank=True)
    joined_because = models.CharField(max_length=250, blank=True)
    automatic = models.CharField(max_length=12, blank=True)
    told = models.JSONField(default=dict, help_text="What a machine told: back on …, a link.")
    troubles = models.JSONField(default=list)
    delivery_state = models.CharField(max_length=10, blank=True)
    delivery_trouble = models.TextField(blank=True)
    client_key = models.CharField(max_length=64, null=True, blank=True, unique=True)
    home = models.ForeignKey(
        Conversation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Where it stands by itself, while that conversation is joined into another.",
    )
    new_matter = models.CharField(
        max_length=250, blank=True, default="", db_default="", help_text="Why it looks like one."
    )
    asks = models.BooleanField(
        default=False, db_default=False, help_text="Whether agents are asked something about it."
    )
    oddities = models.JSONField(null=True, blank=True, help_text="What is odd about its sender.")
    relayed_by = models.CharField(
        max_length=320, blank=True, default="", db_default="", help_text="The form's robot."
    )
    answers_to = models.CharField(
        max_length=320, blank=True, default="", db_default="", help_text="A Reply-To elsewhere."
    )
    forwarded = models.JSONField(
        null=True,
        blank=True,
        help_text="The mail that an agent forwarded, and what it was opened as.",
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["conversation", "id"], name="messages_in_order"),
            models.Index(fields=["conversation"], condition=Q(asks=True), name="messages_that_ask"),
            models.Index(
                fields=["external_id"], condition=~Q(external_id=""), name="messages_by_their_id"
            ),
        ]

    def is_incoming(self) -> bool:
        return self.direction == self.Direction.INCOMING


class Note(Record):
    """Said among agents. No sending path accepts one: it is another thing than a message."""

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="notes")
    home = models.ForeignKey(
        Conversation, models.PROTECT, null=True, blank=True, related_name="+"
    )  # as of a message
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
    client_key = models.CharField(max_length=64, null=True, blank=True, unique=True)


class Draft(Record):
    """What an agent has typed and not yet said; held, it waits to leave or to be given back."""

    class Purpose(models.TextChoices):
        REPLY = "reply", _("reply")
        NOTE = "note", _("note")
        HELD = "held", _("put aside")

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="drafts")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    purpose = models.CharField(choices=Purpose, default=Purpose.REPLY, max_length=5)
    text = models.TextField(blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["conversation", "agent", "purpose"],
                condition=~Q(purpose="held"),
                name="an_agent_drafts_once",
            )
        ]


class Attachment(Record):
    """A file on a message, a note, or a draft that may become one."""

    message = models.ForeignKey(
        Message, models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    note = models.ForeignKey(
        Note, models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    draft = models.ForeignKey(
        Draft, models.CASCADE, null=True, blank=True, related_name="attachments"
    )  # a draft that is thrown away takes its files with it; the bytes stay in `files`
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    cid = models.CharField(max_length=250, blank=True)
    is_inline = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="an_attachment_has_one_place",
                condition=Q(message__isnull=False, note=None, draft=None)
                | Q(message=None, note__isnull=False, draft=None)
                | Q(message=None, note=None, draft__isnull=False),
            )
        ]
