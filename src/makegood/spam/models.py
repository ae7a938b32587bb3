from typing import ClassVar

from django.db import models
from django.db.models import Q

from makegood.customers.models import Handle
from makegood.kit.records import Record


class SpamSender(Record):
    """An address whose mail is taken for spam until somebody says otherwise."""

    handle = models.ForeignKey(Handle, models.PROTECT, related_name="+")
    since = models.DateTimeField()
    because = models.CharField(max_length=80, help_text="What was spam: conversation:17.")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["handle"], condition=Q(lifted_at=None), name="a_sender_is_spam_once"
            )
        ]
