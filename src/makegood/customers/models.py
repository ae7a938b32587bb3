from typing import ClassVar

from django.db import models
from django.db.models import Q

from makegood.kit.records import Record


class Customer(Record):
    """Someone who writes to us, buys from us, or talks of us."""

    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=10, blank=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name or "?"


class Handle(Record):
    """One address of a customer on one kind of channel."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="handles")
    kind = models.CharField(max_length=20)
    address = models.CharField(max_length=320)
    name = models.CharField(max_length=120, blank=True, help_text="As the channel shows it.")
    verified_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when nothing can be delivered there."
    )
    bounced_because = models.CharField(max_length=250, blank=True)
    complained_at = models.DateTimeField(
        null=True, blank=True, help_text="Said that our mail is spam: never written to by machine."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "address"], name="an_address_has_one_owner")
        ]

    def __str__(self) -> str:
        return self.address

    def takes_mail(self) -> bool:
        """Whether what we send there arrives, as far as we know."""
        return self.bounced_at is None


class Refusal(models.Model):
    """One thing that we sent to a handle and that was refused there, however often it says so."""

    handle = models.ForeignKey(Handle, models.PROTECT, related_name="refusals")
    about = models.CharField(max_length=80, help_text="What was refused: delivery:17.")
    is_final = models.BooleanField(help_text="The address itself refuses, and will tomorrow.")
    cause = models.CharField(max_length=40, blank=True)
    said = models.CharField(max_length=500, blank=True, help_text="The other server's words.")
    at = models.DateTimeField()
    forgiven_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["handle", "about"], name="a_refusal_counts_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["handle", "-at"], condition=Q(forgiven_at=None), name="refusals_that_count"
            )
        ]
