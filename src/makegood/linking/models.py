from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from makegood.conversations.models import Conversation
from makegood.kit.records import Record


class Link(Record):
    """Two conversations have to do with each other.

    It holds between their own numbers, and shows wherever those stand: a join moves no link, and
    so taking it back finds every link where it was.
    """

    low = models.ForeignKey(Conversation, models.PROTECT, related_name="+", db_index=False)
    high = models.ForeignKey(Conversation, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["low", "high"], name="two_are_linked_once"),
            models.CheckConstraint(name="a_link_has_two_ends", condition=Q(low__lt=F("high"))),
        ]
