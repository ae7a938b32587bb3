from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.channels.models import Arrival, Inbox
from makegood.conversations.models import Conversation, Message
from makegood.files.models import File
from makegood.kit.records import Record
from makegood.team.models import Agent


class SideThread(Record):
    """What is said with somebody else about a conversation: a carrier, a supplier, a colleague."""

    class State(models.TextChoices):
        AWAITED = "awaited", _("awaited")
        ANSWERED = "answered", _("answered")
        DONE = "done", _("done")

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="side_threads")
    home = models.ForeignKey(
        Conversation, models.PROTECT, null=True, blank=True, related_name="+"
    )  # as of a message: where it stands by itself, while that is joined into another
    message = models.ForeignKey(
        Message, models.PROTECT, null=True, blank=True, related_name="+"
    )  # the one that it was begun from
    is_forward = models.BooleanField(default=False)
    inbox = models.ForeignKey(Inbox, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=250, blank=True)
    state = models.CharField(choices=State, default=State.AWAITED, max_length=8)
    begun_by = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    last_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    news_since = models.DateTimeField(
        null=True, blank=True, help_text="Since when something stands there that nobody has read."
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["conversation", "-last_at"], name="side_threads_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.subject}"


class SideParty(models.Model):
    """Somebody who is written to in a side thread. No customer of this conversation ever is."""

    thread = models.ForeignKey(SideThread, models.PROTECT, related_name="parties")
    address = models.CharField(max_length=320)
    name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["thread", "address"],
                condition=~Q(address=""),
                name="a_side_party_is_named_once",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.address


class SideMessage(Record):
    """One thing said in a side thread. It never becomes a message of the conversation."""

    class Direction(models.TextChoices):
        INCOMING = "incoming", _("incoming")
        OUTGOING = "outgoing", _("outgoing")

    thread = models.ForeignKey(SideThread, models.PROTECT, related_name="messages")
    direction = models.CharField(choices=Direction, max_length=10)
    agent = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="+")
    address = models.CharField(max_length=320, blank=True, help_text="Who wrote, where not we.")
    author_name = models.CharField(max_length=120, blank=True)
    subject = models.CharField(max_length=250, blank=True)
    text = models.TextField(blank=True)
    quoted = models.TextField(blank=True)
    html = models.TextField(blank=True, help_text="Sanitised; shown only in a sandboxed frame.")
    at = models.DateTimeField()
    external_id = models.CharField(max_length=250, blank=True)
    arrival = models.ForeignKey(Arrival, models.PROTECT, null=True, blank=True, related_name="+")
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)
    trust = models.CharField(max_length=20, blank=True)
    trust_reason = models.TextField(blank=True)
    joined_because = models.CharField(max_length=250, blank=True)
    automatic = models.CharField(max_length=12, blank=True)
    troubles = models.JSONField(default=list)
    delivery_state = models.CharField(max_length=10, blank=True)
    delivery_trouble = models.TextField(blank=True)
    client_key = models.CharField(max_length=64, null=True, blank=True, unique=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["external_id"],
                condition=~Q(external_id=""),
                name="side_messages_by_their_id",
            )
        ]

    def is_incoming(self) -> bool:
        return self.direction == self.Direction.INCOMING


class SideDraft(Record):
    """What an agent has typed for somebody else and not yet sent."""

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="side_drafts")
    thread = models.ForeignKey(
        SideThread, models.PROTECT, null=True, blank=True, related_name="drafts"
    )
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    to = models.TextField(blank=True)
    subject = models.CharField(max_length=250, blank=True)
    text = models.TextField(blank=True)
    quoted = models.TextField(blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agent", "thread"],
                condition=Q(thread__isnull=False),
                name="an_agent_drafts_once_in_a_side_thread",
            ),
            models.UniqueConstraint(
                fields=["agent", "conversation"],
                condition=Q(thread=None),
                name="an_agent_drafts_one_new_side_thread",
            ),
        ]


class SideFile(Record):
    """A file on a message of a side thread, or on a draft that may become one."""

    message = models.ForeignKey(
        SideMessage, models.PROTECT, null=True, blank=True, related_name="files"
    )
    draft = models.ForeignKey(
        SideDraft, models.CASCADE, null=True, blank=True, related_name="files"
    )  # a draft that is thrown away takes its files with it; the bytes stay in `files`
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    cid = models.CharField(max_length=250, blank=True)
    is_inline = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_side_file_has_one_place",
                condition=Q(message__isnull=False, draft=None)
                | Q(message=None, draft__isnull=False),
            )
        ]


class SideKey(models.Model):
    """An unguessable word that leads into a side thread alone. Only its hash is kept."""

    class Purpose(models.TextChoices):
        REPLY = "reply", _("reply address")
        MESSAGE = "message", _("Message-ID")

    thread = models.ForeignKey(SideThread, models.PROTECT, related_name="keys")
    given_to = models.TextField(help_text="The addresses that it was sent to.")
    purpose = models.CharField(choices=Purpose, max_length=8)
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
