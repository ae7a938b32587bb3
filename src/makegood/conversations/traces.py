"""What a conversation leaves with people: words that lead back, and how far each has read."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from makegood.customers.models import Handle
from makegood.team.models import Agent


class Token(models.Model):
    """An unguessable word that leads back here. Only its hash is kept (security.md D02)."""

    class Purpose(models.TextChoices):
        REPLY = "reply", _("reply address")
        MESSAGE = "message", _("Message-ID")
        LINK = "link", _("private link")

    conversation = models.ForeignKey(
        "conversations.Conversation", models.PROTECT, related_name="tokens"
    )
    handle = models.ForeignKey(Handle, models.PROTECT, related_name="+")
    purpose = models.CharField(choices=Purpose, max_length=8)
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)


class Seen(models.Model):
    """How far one agent has read one conversation."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="+")
    conversation = models.ForeignKey("conversations.Conversation", models.CASCADE, related_name="+")
    message = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agent", "conversation"], name="an_agent_reads_to_one_place"
            )
        ]
