from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from makegood.team.models import Agent


class Presence(models.Model):
    """One open page of an agent: where it is, and what they do there. Gone within minutes."""

    class Doing(models.TextChoices):
        LOOKING = "looking", _("is looking")
        NOTE = "note", _("is writing a note")
        ANSWER = "answer", _("is writing an answer")

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="+")
    page = models.CharField(max_length=36, help_text="A word that the page chose for itself.")
    place = models.CharField(max_length=40, blank=True, help_text="conversation:17, or nowhere.")
    inbox = models.BigIntegerField(null=True, blank=True, help_text="Whose agents may know.")
    doing = models.CharField(choices=Doing, default=Doing.LOOKING, max_length=8)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agent", "page"], name="a_page_is_present_once")
        ]
