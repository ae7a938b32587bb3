from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.kit.records import Record
from makegood.team.models import Agent


class Roll(Record):
    """A file of people: who brought it, which column is what, and how far it is."""

    class What(models.TextChoices):
        CUSTOMERS = "customers", _("customers")
        AGENTS = "agents", _("agents")

    class State(models.TextChoices):
        READING = "reading", _("being read")
        MATCHING = "matching", _("waiting for its columns")
        LOOKING = "looking", _("looking")
        LOOKED = "looked", _("looked over")
        RUNNING = "running", _("running")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    what = models.CharField(choices=What, max_length=10)
    name = models.CharField(max_length=120, help_text="The file's name.")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    state = models.CharField(choices=State, default=State.READING, max_length=10)
    header = models.JSONField(default=list)
    matched = models.JSONField(default=list, help_text="What each column is, by its word.")
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, help_text="Lines by what became, or becomes, of them.")
    at = models.DateTimeField()
    worked_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["worked_at"],
                condition=Q(state__in=["looking", "running", "undoing"]),
                name="rolls_under_way",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def is_under_way(self) -> bool:
        return self.state in (self.State.LOOKING, self.State.RUNNING, self.State.UNDOING)

    def seen(self) -> int:
        """How many lines it has come to in what it does now."""
        names = {"looking": _LOOKED, "running": _RUN, "undoing": _BACK}.get(self.state, _LOOKED)
        return sum(self.counts.get(name, 0) for name in names)


_LOOKED = ("new", "changed", "same", "refused")
_RUN = ("made", "altered", "kept", "rejected")
_BACK = ("removed", "restored", "left")


class RollLine(models.Model):
    """One line of a file: what it says, what is to come of it, what came of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("not looked at")
        NEW = "new", _("new")
        CHANGED = "changed", _("would change")
        SAME = "same", _("is so already")
        REFUSED = "refused", _("refused")
        MADE = "made", _("brought in")
        ALTERED = "altered", _("changed")
        KEPT = "kept", _("was so already")
        REJECTED = "rejected", _("refused then")
        REMOVED = "removed", _("taken out")
        RESTORED = "restored", _("as before")
        LEFT = "left", _("left: changed since")

    roll = models.ForeignKey(Roll, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField(help_text="Of the line in the file; the header is 1.")
    cells = models.JSONField()
    key = models.CharField(max_length=320, blank=True, help_text="Whom it is about.")
    state = models.CharField(choices=State, default=State.WAITING, max_length=10)
    reason = models.CharField(max_length=250, blank=True)
    thing = models.BigIntegerField(null=True, help_text="The customer or agent it made or met.")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["roll", "number"], name="a_line_stands_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["roll", "state", "number"], name="lines_of_a_roll"),
            models.Index(fields=["roll", "key", "number"], name="lines_about_one"),
        ]
