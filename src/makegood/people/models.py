from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from makegood.customers.models import Customer
from makegood.kit.ids import new_token
from makegood.kit.records import Record
from makegood.team.models import Agent


class Segment(Record):
    """Customers of one sort, under a name: what they have in common, asked anew each time."""

    name = models.CharField(max_length=80, unique=True)
    conditions = models.JSONField(default=dict)
    made_by = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Copy(Record):
    """Everything that we hold of one person, in one file, for the one who asked for it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("could not be made")
        GONE = "gone", _("gone")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="copies")
    asked_by = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(choices=State, default=State.WAITING, max_length=8)
    place = models.CharField(max_length=26, unique=True, default=new_token, editable=False)
    size = models.BigIntegerField(default=0)
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=250, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                condition=models.Q(state__in=["waiting", "ready"]),
                name="copies_at_work",
            )
        ]

    def can_be_fetched(self, now: datetime) -> bool:
        return (
            self.state == self.State.READY and self.expires_at is not None and self.expires_at > now
        )
