from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from makegood.conversations.models import Conversation
from makegood.kit.ids import new_token
from makegood.kit.records import Record
from makegood.team.models import Agent


class Redaction(Record):
    """Something was removed for good: by whom, when, why. What it was, nobody can read here."""

    class What(models.TextChoices):
        PASSAGE = "passage", _("a passage")
        CARD = "card", _("a card number")
        IBAN = "iban", _("a bank account number")
        FILE = "file", _("a file")

    public_id = models.CharField(max_length=26, unique=True, default=new_token, editable=False)
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="redactions")
    by = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    what = models.CharField(choices=What, max_length=8)
    reason = models.CharField(max_length=200)
    commitment = models.CharField(
        max_length=64, help_text="HMAC-SHA256 over what stood there, by a key of this install."
    )
    places = models.JSONField(default=dict, help_text="How much was found, by where it stood.")
    cleaned_at = models.DateTimeField(
        null=True, blank=True, help_text="When its last traces were out of the database's files."
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["id"], condition=models.Q(cleaned_at=None), name="redactions_to_clean_up"
            )
        ]


class Removed(models.Model):
    """One thing that something was removed from, to be marked where it is shown."""

    redaction = models.ForeignKey(Redaction, models.PROTECT, related_name="removed")
    ref = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ref", "redaction"], name="a_redaction_marks_a_thing_once"
            )
        ]
