from typing import ClassVar

from django.db import models

from makegood.conversations.models import Conversation, Tag
from makegood.kit.records import Record


class TagEnding(Record):
    """A tag that was merged into another, or deleted; with it, what bore it."""

    name = models.CharField(max_length=40)
    colour = models.CharField(max_length=8, blank=True)
    into = models.ForeignKey(Tag, models.CASCADE, null=True, related_name="+")
    other_names = models.JSONField(default=list, help_text="Its old names.")
    count = models.PositiveIntegerField(default=0, help_text="Conversations that bore it.")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]

    def __str__(self) -> str:
        return self.name


class TagWearer(models.Model):
    """A conversation that bore a tag when it ended, and whether it bore the other as well."""

    ending = models.ForeignKey(TagEnding, models.CASCADE, related_name="wearers", db_index=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+")
    had_both = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ending", "conversation"], name="a_tag_ends_on_each_once"
            )
        ]
