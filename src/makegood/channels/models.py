from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.files.models import File
from makegood.kit.ids import new_token
from makegood.kit.records import Record
from makegood.kit.secrets import Secret, unseal
from makegood.team.models import Team

if TYPE_CHECKING:
    from makegood.channels.interface import Limits


class Inbox(Record):
    """One account on one channel: a mailbox, a contact form."""

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        TROUBLE = "trouble", _("trouble")

    public_id = models.CharField(max_length=26, unique=True, default=new_token, editable=False)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    address = models.CharField(max_length=320, blank=True, help_text=_("What customers write to."))
    sender_name = models.CharField(max_length=120, blank=True)
    signature = models.TextField(blank=True)
    language = models.CharField(max_length=10, default="en")
    settings = models.JSONField(default=dict, blank=True)
    sealed = models.TextField(blank=True, help_text="Sealed JSON of passwords and tokens.")
    teams = models.ManyToManyField(
        Team, blank=True, help_text=_("Who sees this inbox. Nobody named: every agent.")
    )
    mail_inbox = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The mailbox that answers for a way in that cannot send by itself."),
    )
    state = models.CharField(choices=State, default=State.ACTIVE, max_length=10)
    trouble = models.TextField(blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    cursor = models.JSONField(default=dict, blank=True, help_text="How far a collector has come.")
    leased_by = models.CharField(max_length=80, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    fence = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "address"],
                condition=~Q(address=""),
                name="an_inbox_address_is_used_once",
            )
        ]
        ordering: ClassVar[list[str]] = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def limits(self) -> "Limits":
        from makegood.channels.registry import channel  # the registry knows the channels

        limits: Limits = channel(self.kind).limits
        return limits

    @property
    def place(self) -> str:
        """Where its secrets open: nowhere else."""
        return f"channels_inbox:{self.public_id}:sealed"

    def secrets(self) -> Secret:
        """Passwords and tokens as JSON text that does not print."""
        return unseal("inbox", self.place, self.sealed) if self.sealed else Secret("{}")


class Arrival(Record):
    """What came in, raw, before we understood it. The row is the queue."""

    inbox = models.ForeignKey(Inbox, models.PROTECT, related_name="arrivals")
    external_id = models.CharField(max_length=200, help_text="Unique in its inbox: SHA-256 or UID.")
    origin = models.CharField(max_length=20, help_text="smtp, lmtp, imap, pipe, form, import.")
    envelope = models.JSONField(default=dict)
    raw = models.BinaryField(null=True, help_text="Small arrivals; larger ones are a file.")
    file = models.ForeignKey(File, models.PROTECT, null=True, blank=True, related_name="+")
    size = models.BigIntegerField()
    arrived_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    trouble = models.TextField(blank=True)
    outcome = models.CharField(max_length=80, blank=True, help_text="What became of it: a ref.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inbox", "external_id"], name="an_arrival_comes_once"),
            models.CheckConstraint(
                condition=Q(raw__isnull=False) | Q(file__isnull=False),
                name="an_arrival_keeps_its_bytes",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["id"], condition=Q(taken_at=None), name="arrivals_not_yet_taken_in"
            )
        ]


class Delivery(Record):
    """One thing to send, complete, until the other side has taken it. The outbox."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        DELIVERED = "delivered", _("delivered")
        IN_DOUBT = "in doubt", _("in doubt")
        FAILED = "failed", _("not delivered")
        BOUNCED = "bounced", _("bounced")
        CANCELLED = "cancelled", _("cancelled")

    SETTLED = (State.SENT, State.DELIVERED, State.FAILED, State.BOUNCED, State.CANCELLED)

    inbox = models.ForeignKey(Inbox, models.PROTECT, related_name="deliveries")
    about = models.CharField(max_length=80, help_text="What is sent: message:17.")
    key = models.CharField(max_length=200, unique=True, help_text="The Message-ID, on every try.")
    outgoing = models.JSONField()
    is_automatic = models.BooleanField(default=False)
    state = models.CharField(choices=State, default=State.QUEUED, max_length=10)
    queued_at = models.DateTimeField()
    send_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    trouble = models.TextField(blank=True)
    fence = models.BigIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["send_after", "id"],
                condition=Q(state__in=["queued", "sending", "in doubt"]),
                name="deliveries_to_send",
            ),
            models.Index(fields=["about"], name="deliveries_by_subject"),
            models.Index(
                fields=["-id"],
                condition=Q(state__in=["failed", "bounced", "in doubt"]),
                name="deliveries_in_trouble",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.state}"

    def is_settled(self) -> bool:
        return self.state in self.SETTLED
