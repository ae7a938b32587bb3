from typing import ClassVar

from django.db import models

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
    bounced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "address"], name="an_address_has_one_owner")
        ]

    def __str__(self) -> str:
        return self.address
