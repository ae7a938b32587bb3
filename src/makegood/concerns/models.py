from typing import ClassVar

from django.db import models

from makegood.conversations.models import Conversation
from makegood.kit.records import Record
from makegood.shop.models import Order


class Concern(Record):
    """An agent said that a conversation is about an order."""

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["conversation", "order"], name="an_order_is_attached_once"
            )
        ]


class Proof(Record):
    """A code that was sent to an order's own address, for whoever talks of it from another."""

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="+")
    customer = models.BigIntegerField(help_text="Who was to show it: the number of a customer.")
    email = models.CharField(max_length=320, blank=True, help_text="Where it was sent.")
    mark = models.CharField(max_length=32, help_text="Of the code and its place, by our key.")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrong = models.PositiveSmallIntegerField(default=0, help_text="How often another was said.")
    proven_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["conversation", "order", "-sent_at"], name="codes_of_a_talk"),
            models.Index(fields=["order", "-sent_at"], name="codes_of_an_order"),
            models.Index(fields=["email"], name="codes_to_an_address"),
        ]
