from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from makegood.conversations.models import Conversation
from makegood.kit.records import Record
from makegood.team.models import Agent, Team


class TeamRouting(Record):
    """How a team's conversations find somebody: taken by hand, or given."""

    class WhenAway(models.TextChoices):
        STAY = "stay", _("They stay where they are")
        BACK = "back", _("They go back to everybody")
        BEST = "best", _("They go to who is best placed")

    team = models.OneToOneField(Team, models.CASCADE, related_name="routing")  # a part of it
    gives_since = models.DateTimeField(
        null=True, blank=True, help_text="Since when new conversations are given, not just taken."
    )
    when_away = models.CharField(choices=WhenAway, default=WhenAway.STAY, max_length=4)
    grace_minutes = models.PositiveSmallIntegerField(default=15)


class Strength(Record):
    """Something that somebody said of an agent: what they know, or what is not for them."""

    class Level(models.TextChoices):
        KNOWS = "knows", _("knows")
        WELL = "well", _("knows well")
        NOT = "not", _("not for them")

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="strengths")  # a part of them
    about = models.CharField(max_length=60, help_text="tag:5, language:de or channel:email")
    level = models.CharField(choices=Level, max_length=5)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agent", "about"], name="an_agent_is_said_to_know_a_thing_once"
            )
        ]


class Outcome(Record):
    """A conversation was settled: by whose answers, and whether it stayed so."""

    event = models.BigIntegerField(unique=True, help_text="The event that told of it.")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="outcomes")
    # Both only teach: they go with what they are about.
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    reopened_at = models.DateTimeField(null=True, blank=True)
    topics = models.JSONField(default=list, help_text="The numbers of its tags.")
    language = models.CharField(max_length=10, blank=True)
    channel = models.CharField(max_length=20)


class Experience(Record):
    """How often an agent settled such conversations for good; what is long past counts less."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="+")  # only teaches, as above
    topic = models.BigIntegerField(
        default=0, help_text="A tag's number; 0 is whatever it is about."
    )
    language = models.CharField(max_length=10, blank=True)
    channel = models.CharField(max_length=20)
    good = models.FloatField(default=0)
    tried = models.FloatField(default=0)
    as_of = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agent", "topic", "language", "channel"],
                name="an_agent_has_an_experience_once",
            )
        ]


class Choice(Record):
    """Who was chosen for a conversation, why, and who was not."""

    class How(models.TextChoices):
        ASKED = "asked", _("asked for the next one")
        GIVEN = "given", _("given")
        MOVED = "moved", _("whoever had it was away")
        RISK = "risk", _("a promise was at risk")

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="choices"
    )  # says nothing without it
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    how = models.CharField(choices=How, max_length=5)
    at = models.DateTimeField()
    ranks = models.JSONField(help_text="The best few with their points and reasons, first first.")
    overruled_at = models.DateTimeField(null=True, blank=True)
    overruled_by = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["agent", "-at"], name="what_an_agent_was_given"),
            models.Index(fields=["conversation", "-id"], name="choices_of_a_conversation"),
        ]
