from typing import ClassVar

from django.db import models
from django.db.models import Q

from makegood.conversations.models import Conversation
from makegood.kit.records import Record
from makegood.promises.models import Promise
from makegood.shop.models import Variant
from makegood.team.models import Agent


class Wanted(Record):
    """Somebody waits for a variant: an agent promised to tell them when it is there again."""

    variant = models.ForeignKey(Variant, models.PROTECT, related_name="wanted")
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="+")
    promise = models.OneToOneField(Promise, models.PROTECT, related_name="wanted")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    came_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when it is there again and they can be told."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["conversation", "variant"], name="a_variant_is_wanted_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["variant"], condition=Q(came_at=None), name="wanted_and_not_there")
        ]
