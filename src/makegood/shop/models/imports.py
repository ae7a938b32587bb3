from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.files.models import File
from makegood.kit.records import Record
from makegood.shop.models.shops import Shop
from makegood.team.models import Agent


class ImportRun(Record):
    """A file of orders: who brought it, which column is what, and how far it is."""

    class State(models.TextChoices):
        MATCHING = "matching", _("waiting for its columns")
        LOOKING = "looking", _("looking")
        LOOKED = "looked", _("looked over")
        RUNNING = "running", _("running")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")
        FAILED = "failed", _("cannot be read")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="runs")
    name = models.CharField(max_length=120, help_text="The file's name.")
    file = models.ForeignKey(
        File, models.PROTECT, null=True, related_name="+", help_text="Gone when it was read."
    )
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    state = models.CharField(choices=State, default=State.MATCHING, max_length=10)
    header = models.JSONField(default=list)
    first = models.JSONField(default=list, help_text="A few lines, to see what a column holds.")
    matched = models.JSONField(default=list, help_text="What each column is, by its word.")
    read_to = models.PositiveIntegerField(default=0, help_text="The last line looked at.")
    done_key = models.CharField(max_length=120, blank=True, help_text="The last order brought in.")
    is_at_credits = models.BooleanField(default=False)
    counts = models.JSONField(default=dict, help_text="Lines and orders by what became of them.")
    trouble = models.CharField(max_length=250, blank=True)
    at = models.DateTimeField()
    worked_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["worked_at"],
                condition=Q(state__in=["looking", "running", "undoing"]),
                name="imports_under_way",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def is_under_way(self) -> bool:
        return self.state in (self.State.LOOKING, self.State.RUNNING, self.State.UNDOING)


class ImportLine(models.Model):
    """One line of a file of orders, waiting to be brought in; gone when it was."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="lines")
    is_credit = models.BooleanField(default=False, help_text="Its order takes back: comes last.")
    key = models.CharField(max_length=120, help_text="The number of its order.")
    number = models.PositiveIntegerField(help_text="Of the line in the file; the header is 1.")
    said = models.JSONField(help_text="What it says, by the words of its columns.")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["run", "is_credit", "key", "number"], name="lines_by_order")
        ]


class ImportTrouble(models.Model):
    """A line of a file that was refused, and why."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="troubles")
    number = models.PositiveIntegerField()
    reason = models.CharField(max_length=250)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["run", "number"], name="troubles_of_an_import")]
