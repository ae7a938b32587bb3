from django.db import models

from makegood.kit.ids import new_token
from makegood.team.models import Agent


class Portrait(models.Model):
    """A small picture of an agent. It is seen by whoever has its word: the chat's visitors."""

    agent = models.OneToOneField(Agent, models.CASCADE, related_name="portrait")
    word = models.CharField(
        max_length=32, unique=True, default=new_token, help_text="Of its address; new each time."
    )
    picture = models.BinaryField(help_text="WebP, made here.")
    put_at = models.DateTimeField()
