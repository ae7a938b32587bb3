from typing import ClassVar

from django.db import models

from makegood.channels.models import Inbox
from makegood.team.models import Agent


class InboxHour(models.Model):
    """What happened in one hour in one inbox: counted once, so that no page counts it again.

    `waits.Hour` looks alike and counts something else, so neither can be made of the other. Here
    stands what went through the desk: every message in, machines' too, every answer out, a second
    one to the same words as well, and what became of promises; in hours of UTC, at any time after.
    There stands how long people waited: their own messages, and the waits that an answer ended,
    with their lengths and by team, in hours of the week by the shop's wall clock.
    """

    inbox = models.ForeignKey(Inbox, models.CASCADE, related_name="+")  # its figures go with it
    began_at = models.DateTimeField(help_text="The hour's beginning, in UTC.")
    arrivals = models.PositiveIntegerField(default=0)
    answers = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    broken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["began_at", "inbox"], name="an_hour_of_an_inbox_is_counted_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.inbox_id} {self.began_at:%Y-%m-%d %H}"


class AgentHour(models.Model):
    """How often one agent answered in one hour."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="+")  # their figures go with them
    began_at = models.DateTimeField()
    answers = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["began_at", "agent"], name="an_hour_of_an_agent_is_counted_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.began_at:%Y-%m-%d %H}"
