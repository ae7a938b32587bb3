"""What we know of our ways in and out: what was tried, what was seen, what is wrong."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.channels.models import Arrival, Delivery, Inbox
from makegood.kit.records import Record

WITHIN_MINUTES = 15


class Watched(Record):
    """How one inbox is watched, and what was last seen of its servers and its domain."""

    inbox = models.OneToOneField(Inbox, models.CASCADE, related_name="watched")
    sends_probes = models.BooleanField(default=True)
    within_minutes = models.PositiveSmallIntegerField(default=WITHIN_MINUTES)
    next_probe_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True, help_text="Somebody wants one now.")
    next_look_at = models.DateTimeField()
    next_records_at = models.DateTimeField()
    read_again = models.JSONField(default=dict, help_text="A range of UIDs to fetch once more.")
    next_token_at = models.DateTimeField(null=True, blank=True)
    mailbox = models.JSONField(default=dict, help_text="What the mail server said of the folder.")
    certificates = models.JSONField(default=list)
    records = models.JSONField(default=list, help_text="The domain's records, and what they mean.")
    looked_at = models.DateTimeField(null=True, blank=True)
    records_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "watched inbox"

    def __str__(self) -> str:
        return f"watch over {self.inbox_id}"


class Probe(Record):
    """One test message of ours to ourselves, until it came back."""

    class Way(models.TextChoices):
        ADDRESS = "address", _("address")
        REPLY = "reply", _("reply address")
        FORM = "form", _("form")

    class State(models.TextChoices):
        WAITING = "waiting", _("on its way")
        CAME = "came", _("came back")
        FAILED = "failed", _("did not get there")

    inbox = models.ForeignKey(Inbox, models.CASCADE, related_name="probes")
    way = models.CharField(choices=Way, max_length=10)
    to = models.CharField(max_length=320, help_text="The address or the page that was tried.")
    token_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(choices=State, default=State.WAITING, max_length=10)
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField()
    came_at = models.DateTimeField(null=True, blank=True)
    delivery = models.ForeignKey(Delivery, models.SET_NULL, null=True, blank=True)
    arrival = models.ForeignKey(Arrival, models.SET_NULL, null=True, blank=True)
    trouble = models.TextField(blank=True)
    seen = models.JSONField(default=dict, help_text="What its signatures proved when it came back.")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["inbox", "-id"], name="probes_of_an_inbox"),
            models.Index(fields=["id"], condition=Q(state="waiting"), name="probes_under_way"),
        ]

    def __str__(self) -> str:
        return f"probe of {self.to}: {self.state}"

    @property
    def lag(self) -> timedelta | None:
        """How long it took to come back."""
        return self.came_at - self.sent_at if self.came_at else None


class Alarm(Record):
    """Something that somebody has to put right. Raised once, closed by itself."""

    class Cause(models.TextChoices):
        LOGIN = "login refused", _("signing in is refused")
        NETWORK = "server silent", _("a server does not answer")
        FULL = "mailbox full", _("the mailbox is full")
        FOLDER = "folder stands still", _("mail lies unfetched")
        CERTIFICATE = "certificate ending", _("a certificate ends")
        PROBE = "probe late", _("a test message did not come back")
        REPLY = "reply address", _("answers do not come back")
        RECORD = "record broken", _("a domain record is broken")
        OUTBOX = "outbox standing", _("mail does not leave")
        DISK = "disk low", _("the disk is nearly full")
        FOLLOWER = "ledger held", _("a reader of the ledger stands")

    cause = models.CharField(choices=Cause, max_length=20)
    inbox = models.ForeignKey(Inbox, models.CASCADE, null=True, blank=True, related_name="alarms")
    key = models.CharField(max_length=350, help_text="The inbox, and which address or server.")
    values = models.JSONField(default=dict, help_text="What its sentence is filled with.")
    said = models.TextField(blank=True, help_text="The other side's own words.")
    first_seen_at = models.DateTimeField(help_text="When it was noticed; raised where it lasts.")
    last_seen_at = models.DateTimeField()
    well_since = models.DateTimeField(null=True, blank=True)
    raised_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["raised_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["cause", "key"],
                condition=Q(closed_at=None),
                name="an_alarm_is_raised_once",
            )
        ]

    def __str__(self) -> str:
        return self.cause
