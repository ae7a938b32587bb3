from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from makegood.channels.models import Inbox
from makegood.conversations.models import Conversation
from makegood.team.models import Agent, Team


class Unanswered(models.Model):
    """What a conversation holds that nobody answered yet: from it the next wait is made.

    `words` are `[message, at, homes]`, the oldest first; `homes` are the conversations that
    were joined on the way here. It is made of events alone, so that it can be made anew.
    """

    conversation = models.OneToOneField(
        Conversation, models.CASCADE, primary_key=True, related_name="+"
    )  # a part of it
    inbox = models.BigIntegerField(default=0)
    words = models.JSONField(default=list)
    settled = models.JSONField(
        default=list,
        help_text="Words put away without an answer; whoever opens it brings them back.",
    )
    answers = models.PositiveIntegerField(default=0)
    is_spam = models.BooleanField(default=False)
    into = models.BigIntegerField(null=True, help_text="The one that it was joined into.")


class Wait(models.Model):
    """One time that somebody waited for us: from their first unanswered words to its end.

    A row is written once and stays. Only that its answer was taken back is noted on it.
    """

    class End(models.TextChoices):
        ANSWERED = "answered", _("answered")
        RESOLVED = "resolved", _("resolved without an answer")
        SPAM = "spam", _("marked as spam")
        JOINED = "joined", _("joined into another")

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="waits")
    inbox = models.ForeignKey(Inbox, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=20)
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    agent = models.ForeignKey(
        Agent, models.PROTECT, null=True, related_name="+", help_text="Who ended it."
    )
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    seconds = models.PositiveIntegerField(help_text="By the clock.")
    open_seconds = models.PositiveIntegerField(help_text="Within the opening hours of then.")
    end = models.CharField(choices=End, max_length=8)
    is_first = models.BooleanField(help_text="Nobody had answered in this conversation before.")
    answer = models.BigIntegerField(null=True, help_text="The message that ended it.")
    words = models.JSONField(help_text="The messages that waited, as in `Unanswered`.")
    event = models.BigIntegerField(help_text="The event that ended it.")
    taken_back_at = models.DateTimeField(null=True, help_text="When its answer was taken back.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "conversation"], name="an_event_ends_one_wait_of_a_conversation"
            ),
            models.CheckConstraint(
                name="a_wait_ends_after_it_began", condition=Q(ended_at__gte=F("began_at"))
            ),
            models.CheckConstraint(
                name="who_was_answered_has_an_answer",
                condition=Q(end="answered", answer__isnull=False)
                | (~Q(end="answered") & Q(answer=None)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["inbox", "ended_at"], name="waits_of_an_inbox"),
            models.Index(
                fields=["answer"], condition=Q(answer__isnull=False), name="waits_by_their_answer"
            ),
        ]


class Hour(models.Model):
    """What came in and was answered at one inbox in one hour of one week, by a team's share.

    Not what went through the desk: that is `lead.InboxHour`, and says why both are needed.

    `slot` counts the hours of the week from Monday midnight by the wall clock of the shop.
    """

    inbox = models.ForeignKey(Inbox, models.CASCADE, related_name="+")  # figures of it
    team = models.BigIntegerField(default=0, help_text="0: of no team.")
    week = models.DateField(help_text="Its Monday.")
    slot = models.PositiveSmallIntegerField()
    arrivals = models.PositiveIntegerField(default=0, help_text="Messages of people.")
    answers = models.PositiveIntegerField(default=0, help_text="Waits that an answer ended.")
    seconds = models.BigIntegerField(default=0, help_text="How long those waits were, together.")
    open_seconds = models.BigIntegerField(default=0)
    within_hour = models.PositiveIntegerField(default=0, help_text="Of them, in open hours.")
    within_four = models.PositiveIntegerField(default=0)
    within_day = models.PositiveIntegerField(default=0, help_text="Within eight open hours.")
    busy_seconds = models.FloatField(default=0, help_text="While an answer was being awaited.")
    agents = models.JSONField(default=list, help_text="Who answered in it.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["inbox", "team", "week", "slot"], name="an_hour_is_counted_once"
            )
        ]


class Expectation(models.Model):
    """What was foreseen for one message when it came, and what then happened."""

    message = models.BigIntegerField(unique=True)
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="+")
    inbox = models.ForeignKey(Inbox, models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    ahead = models.PositiveIntegerField(help_text="How many waited before it.")
    agents = models.PositiveIntegerField(null=True, help_text="How many were here.")
    factor = models.FloatField(default=1, help_text="How many are here against the usual.")
    median_seconds = models.FloatField()
    most_seconds = models.FloatField(help_text="Nine of ten are answered within it.")
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=8, blank=True)
    work = models.FloatField(null=True, help_text="Usual answers that fit between told and ended.")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["inbox", "-told_at"], name="what_an_inbox_was_told"),
            models.Index(fields=["-told_at"], name="what_was_told"),
        ]

    @property
    def median_at(self) -> datetime:
        return self.told_at + timedelta(seconds=self.median_seconds)

    @property
    def most_at(self) -> datetime:
        return self.told_at + timedelta(seconds=self.most_seconds)
