from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from makegood.channels.models import Inbox
from makegood.conversations.models import Conversation
from makegood.kit.records import Record
from makegood.team.models import Agent, Team


class Hand(Agent):
    """A rule at work: it has its keeper's rights, and the ledger says that it was the rule."""

    class Meta:
        proxy = True

    @property
    def ref(self) -> str:
        return str(vars(self)["rule_ref"])


class Switch(models.Model):
    """The one switch that turns all rules off, and how far the ledger was heard: one row."""

    is_off = models.BooleanField(default=False)
    reached = models.BigIntegerField(default=0, help_text="No event up to here is heard again.")


class Rule(Record):
    """Something that happens by itself: its place among the others, and whether it is on."""

    name = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0)
    is_on = models.BooleanField(default=False)
    on_after = models.BigIntegerField(default=0, help_text="It hears of events after this one.")
    on_since = models.DateTimeField(null=True, blank=True)
    keeper = models.ForeignKey(
        Agent, models.PROTECT, related_name="+", help_text="With whose rights it acts."
    )
    version = models.ForeignKey(
        "Version", models.PROTECT, null=True, blank=True, related_name="+"
    )  # what it says now
    trouble = models.CharField(max_length=250, blank=True, help_text="Why it turned itself off.")
    trouble_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="what_is_removed_is_off", condition=Q(removed_at=None) | Q(is_on=False)
            ),
            models.CheckConstraint(
                name="a_rule_that_is_on_says_something",
                condition=Q(is_on=False) | Q(version__isnull=False),
            ),
            models.UniqueConstraint(
                Lower("name"), condition=Q(removed_at=None), name="a_rule_of_a_name_is_there_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Version(Record):
    """What a rule says, as somebody saved it; never changed, so that a trace stays true."""

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    trigger = models.CharField(
        max_length=60, help_text="A kind of fact, or since:waiting, since:resolved, …"
    )
    seconds = models.PositiveIntegerField(default=0, help_text="How long since then.")
    in_hours = models.BooleanField(default=False, help_text="Counted in opening hours.")
    condition = models.CharField(max_length=1000, blank=True)
    inbox = models.ForeignKey(Inbox, models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="+")
    acts = models.JSONField(default=list, help_text='[{"do": "tag", "with": "late"}]')
    stops_here = models.BooleanField(default=False)
    hears_machines = models.BooleanField(default=False)
    saved_by = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule", "number"], name="versions_are_counted_up")
        ]

    @property
    def state(self) -> str:
        """What has to have lasted, where it waits for a time: `waiting`."""
        return self.trigger.removeprefix("since:") if self.trigger.startswith("since:") else ""

    def told(self) -> dict[str, Any]:
        """As an event tells it."""
        return {
            "trigger": self.trigger, "seconds": self.seconds, "in_hours": self.in_hours,
            "condition": self.condition, "inbox": self.inbox_id, "team": self.team_id,
            "acts": self.acts, "stops_here": self.stops_here,
            "hears_machines": self.hears_machines,
        }  # fmt: skip


class Due(models.Model):
    """Something happened that rules hear of, and they have not been asked yet."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+")  # a queue
    kind = models.CharField(max_length=60)
    cause = models.CharField(max_length=80)
    event = models.BigIntegerField()
    root = models.BigIntegerField(default=0, help_text="What people did, that all began with.")
    depth = models.PositiveSmallIntegerField(default=0, help_text="Steps from what people did.")
    is_by_machine = models.BooleanField(default=False)
    rule = models.ForeignKey(
        Rule, models.CASCADE, null=True, blank=True, related_name="+"
    )  # the one whose time has come; without it, all that hear of this
    at = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["not_before", "id"], name="due_next"),
            models.Index(fields=["conversation", "id"], name="due_of_a_conversation"),
        ]


class Watch(models.Model):
    """A conversation is in a state that a rule waits for, since when, and when the time is up."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="watches")  # a part of it
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+")  # as above
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, help_text="Empty once it has come.")
    event = models.BigIntegerField(help_text="What began it.")
    root = models.BigIntegerField(default=0)
    depth = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rule", "conversation"], name="a_rule_watches_a_conversation_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="watches_to_ring"
            ),
            models.Index(fields=["conversation"], name="watches_of_a_conversation"),
        ]


class Run(Record):
    """A rule met a conversation because of something: what it did, or why it did not."""

    class State(models.TextChoices):
        DONE = "done", _("done")
        SAME = "same", _("was so already")
        REFUSED = "refused", _("refused")
        CIRCLE = "circle", _("ended: it went in a circle")

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="runs")
    version = models.ForeignKey(Version, models.PROTECT, related_name="runs")
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="+")
    cause = models.CharField(max_length=80, help_text="event:12, or waiting:2026-03-02T09:12:00Z")
    event = models.BigIntegerField()
    root = models.BigIntegerField(default=0, help_text="What people did, that all began with.")
    depth = models.PositiveSmallIntegerField()
    state = models.CharField(choices=State, default=State.DONE, max_length=10)
    steps = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rule", "conversation", "cause"], name="a_rule_runs_once_for_a_cause"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["conversation", "-id"], name="runs_on_a_conversation"),
            models.Index(fields=["rule", "-id"], name="runs_of_a_rule"),
        ]


class Trial(Record):
    """What a rule would have done with last month, looked at in steps."""

    class State(models.TextChoices):
        LOOKING = "looking", _("looking")
        DONE = "done", _("looked")
        STOPPED = "stopped", _("stopped")
        FAILED = "failed", _("failed")

    version = models.ForeignKey(Version, models.CASCADE, related_name="trials")  # a look at it
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    state = models.CharField(choices=State, default=State.LOOKING, max_length=10)
    since = models.DateTimeField()
    looked_to = models.BigIntegerField(default=0, help_text="Where it looks on.")
    last = models.BigIntegerField(default=0, help_text="And how far.")
    total = models.PositiveIntegerField(default=0)
    looked = models.PositiveIntegerField(default=0)
    touched = models.PositiveIntegerField(default=0, help_text="Conversations.")
    runs = models.PositiveIntegerField(default=0)
    tally = models.JSONField(default=list, help_text="What would become of each act.")
    trouble = models.CharField(max_length=250, blank=True)
    asked_at = models.DateTimeField()
    worked_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["worked_at"], condition=Q(state="looking"), name="trials_under_way"
            )
        ]


class TrialItem(models.Model):
    """A conversation that a rule would have met, and what it would have done the first time."""

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="items")  # a part of it
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+")  # as above
    at = models.DateTimeField()
    state = models.CharField(choices=Run.State, max_length=10)
    reason = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["trial", "conversation"], name="a_trial_names_a_conversation_once"
            )
        ]
