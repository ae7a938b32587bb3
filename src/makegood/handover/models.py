from typing import ClassVar

from django.db import models
from django.db.models import Q

from makegood.kit.records import Record
from makegood.team.models import Agent


class Handover(Record):
    """What was one agent's goes to another, or to nobody; in small steps until it is through."""

    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+", help_text="Who leaves.")
    to = models.ForeignKey(Agent, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    counts = models.JSONField(default=dict, help_text="What went where, by its word.")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agent"], condition=Q(ended_at=None), name="one_handover_at_a_time"
            )
        ]

    @property
    def left(self) -> int:
        """Conversations that lie with their teams."""
        return int(self.counts.get("conversations.left", 0))

    @property
    def conversations(self) -> int:
        return self.left + int(self.counts.get("conversations.given", 0))

    @property
    def shared(self) -> int:
        """Answers that are drafts of the team's now."""
        return sum(int(self.counts.get(f"{word}.shared", 0)) for word in ("answers", "drafts"))
