from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.conversations.models import Conversation, Note
from makegood.kit.records import Record
from makegood.ledger.models import Event
from makegood.notices.kinds import USUAL, Kind
from makegood.team.models import Agent


class Following(models.Model):
    """An agent wants to hear of a conversation. Who left one is not brought back by itself."""

    class Because(models.TextChoices):
        HAND = "hand", _("they chose to")
        ASSIGNED = "assigned", _("it was given to them")
        MENTIONED = "mentioned", _("they were mentioned")
        ANSWERED = "answered", _("they answered")

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="followings")
    because = models.CharField(choices=Because, max_length=10)
    since = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agent", "conversation"], name="an_agent_follows_a_conversation_once"
            )
        ]


class Mention(models.Model):
    """An agent is named in a note, by themselves or with their team."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="+")
    note = models.ForeignKey(Note, models.CASCADE, related_name="mentions")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agent", "note"], name="a_note_mentions_an_agent_once")
        ]


class Notice(Record):
    """Something happened that concerns an agent. What it was, the ledger tells."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="+")
    conversation = models.ForeignKey(
        Conversation, models.CASCADE, null=True, blank=True, related_name="+",
        help_text="Empty where it is of orders: all that are late together.",
    )  # fmt: skip
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    kind = models.CharField(choices=Kind, max_length=12)
    at = models.DateTimeField()
    is_shown = models.BooleanField(default=True, help_text="On the page, and in its count.")
    is_for_mail = models.BooleanField(default=False, help_text="In the next digest, if unread.")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "agent"], name="an_agent_is_told_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["agent", "-id"], name="notices_newest"),
            models.Index(fields=["agent"], condition=Q(read_at=None), name="notices_unread"),
            models.Index(
                fields=["agent", "id"],
                condition=Q(is_for_mail=True, read_at=None),
                name="notices_for_a_digest",
            ),
        ]


class Wishes(models.Model):
    """What one agent wants to hear of, by which way, and when not."""

    class Digest(models.TextChoices):
        NEVER = "never", _("Never")
        HOURLY = "hourly", _("At most every hour")
        DAILY = "daily", _("Once a day")

    agent = models.OneToOneField(Agent, models.CASCADE, primary_key=True, related_name="+")
    ways = models.JSONField(default=dict, help_text='Where it is not the usual: {"woke": []}.')
    follows_assigned = models.BooleanField(default=True)
    follows_mentioned = models.BooleanField(default=True)
    follows_answered = models.BooleanField(default=True)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    digest = models.CharField(choices=Digest, default=Digest.NEVER, max_length=6)
    digest_at = models.DateTimeField(null=True, blank=True, help_text="When the last one left.")
    shows_words = models.BooleanField(default=False, help_text="A push says what was said.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="quiet_hours_have_a_beginning_and_an_end",
                condition=Q(quiet_from=None, quiet_to=None)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
            )
        ]

    def ways_of(self, kind: str) -> frozenset[str]:
        if kind in self.ways:
            return frozenset(self.ways[kind])
        return USUAL.get(kind, frozenset())

    def follows_when(self, because: str) -> bool:
        return bool(getattr(self, f"follows_{because}", True))


class Browser(Record):
    """A browser in which an agent agreed to be told; where to, only we can read."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="+")
    name = models.CharField(max_length=60, help_text="As a person knows it: Firefox, Linux.")
    place_hash = models.CharField(max_length=64, unique=True)
    sealed = models.TextField(help_text="Address and keys of the subscription, encrypted.")
    made_at = models.DateTimeField()
    worked_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="In a row, since it last worked."
    )
    rests_until = models.DateTimeField(null=True, blank=True)
    aside_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was put aside: it did not answer."
    )


class Push(models.Model):
    """A notice on its way to a browser. Once it left, or is of no use, the row is gone."""

    browser = models.ForeignKey(Browser, models.CASCADE, related_name="+")
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="+")
    send_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["browser", "notice"], name="a_browser_hears_of_a_notice_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["send_after", "id"], name="pushes_due")]
