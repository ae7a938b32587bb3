from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.channels.models import Inbox
from makegood.conversations.models import Conversation, Draft
from makegood.kit.records import Record
from makegood.team.models import Agent, Team


class Then(models.TextChoices):
    """What becomes of a conversation when its answer is said."""

    STAY = "stay", _("leave it open")
    RESOLVE = "resolve", _("resolve it")
    SNOOZE = "snooze", _("let it rest")


class Held(models.Model):
    """An answer that was said and has not left yet: its writer may still take it back."""

    message = models.BigIntegerField(unique=True, help_text="Its number; it may be gone again.")
    client_key = models.CharField(max_length=64, blank=True)
    # What was typed, with its files. Where that is forgotten, there is nothing to take back.
    draft = models.OneToOneField(Draft, models.CASCADE, null=True, related_name="held")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    until = models.DateTimeField(help_text="Not before then does it leave.")
    before = models.JSONField(default=dict, help_text="How the conversation stood without it.")
    after = models.JSONField(default=dict, help_text="How it left the conversation.")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="what_was_taken_back_holds_nothing",
                condition=Q(taken_back_at=None, draft__isnull=False)
                | Q(taken_back_at__isnull=False, draft=None),
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["agent", "until"], name="held_answers_of_an_agent"),
            models.Index(fields=["client_key"], name="held_answers_by_their_key"),
        ]


class Prepared(Record):
    """An answer that is written and not said yet: the team's, for later, or for a lead's yes."""

    class State(models.TextChoices):
        SHARED = "shared", _("shared with the team")
        LATER = "later", _("leaves later")
        ASKING = "asking", _("waits for approval")
        SENT = "sent", _("sent")
        WITHDRAWN = "withdrawn", _("taken back")
        RETURNED = "returned", _("sent back")
        STOPPED = "stopped", _("stopped")

    OPEN = (State.SHARED, State.LATER, State.ASKING)

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="prepared")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+", help_text="Who wrote it.")
    # The words and files. Where they are forgotten, there is nothing left to send.
    draft = models.OneToOneField(Draft, models.CASCADE, null=True, related_name="prepared")
    state = models.CharField(choices=State, max_length=10)
    due_at = models.DateTimeField(null=True, blank=True, help_text="When it leaves by itself.")
    then = models.CharField(choices=Then, default=Then.STAY, max_length=8)
    rests_until = models.DateTimeField(null=True, blank=True)
    seen = models.BigIntegerField(help_text="The newest message that its writer had read.")
    to = models.BigIntegerField(null=True, blank=True, help_text="The handle it was written to.")
    accepted = models.JSONField(default=list, help_text="What its writer was asked and affirmed.")
    client_key = models.CharField(max_length=64, blank=True)
    revision = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="+")
    edited_until = models.DateTimeField(null=True, blank=True, help_text="Theirs until then.")
    approved_by = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    why = models.TextField(blank=True, help_text="Why it was stopped or sent back.")
    told_at = models.DateTimeField(null=True, blank=True, help_text="When the writer knew.")
    message = models.BigIntegerField(null=True, blank=True, help_text="What it became.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="what_leaves_later_knows_when",
                condition=~Q(state="later") | Q(due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="what_waits_to_be_said_has_words",
                condition=Q(state__in=["shared", "later", "asking"], draft__isnull=False)
                | (~Q(state__in=["shared", "later", "asking"]) & Q(draft=None)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(state="later"), name="answers_due"),
            models.Index(
                fields=["conversation"],
                condition=Q(state__in=["shared", "later", "asking"]),
                name="answers_of_a_conversation",
            ),
            models.Index(
                fields=["made_at"], condition=Q(state="asking"), name="answers_to_approve"
            ),
            models.Index(fields=["agent", "state"], name="answers_of_an_agent"),
            models.Index(fields=["client_key"], name="answers_by_their_key"),
        ]

    def is_open(self) -> bool:
        return self.state in self.OPEN

    def is_somebody_elses(self, agent: Agent, now: datetime) -> bool:
        """Whether another agent is writing in it at this moment."""
        held = self.edited_until is not None and self.edited_until > now
        return held and self.edited_by_id not in (None, agent.pk)


class Reviewed(models.Model):
    """An agent, a team or an inbox whose answers a lead reads before they leave."""

    agent = models.OneToOneField(Agent, models.CASCADE, null=True, blank=True, related_name="+")
    team = models.OneToOneField(Team, models.CASCADE, null=True, blank=True, related_name="+")
    inbox = models.OneToOneField(Inbox, models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="an_agent_a_team_or_an_inbox_is_reviewed",
                condition=Q(agent__isnull=False, team=None, inbox=None)
                | Q(agent=None, team__isnull=False, inbox=None)
                | Q(agent=None, team=None, inbox__isnull=False),
            )
        ]


class Habit(models.Model):
    """What an agent's own Send button does with the conversation."""

    agent = models.OneToOneField(Agent, models.CASCADE, related_name="+")
    then = models.CharField(choices=Then, default=Then.STAY, max_length=8)
