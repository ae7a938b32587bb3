from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _

from makegood.kit.records import Record
from makegood.team.models import Agent, Team


class Import(Record):
    """A file of saved replies or macros that was brought in, and can be taken out again."""

    class What(models.TextChoices):
        REPLIES = "replies", _("saved replies")
        MACROS = "macros", _("macros")

    what = models.CharField(choices=What, max_length=10)
    count = models.PositiveIntegerField()
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)


class Kept(Record):
    """What is kept for everybody, for a team, or for one agent."""

    name = models.CharField(max_length=80)
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="+")
    agent = models.ForeignKey(Agent, models.CASCADE, null=True, blank=True, related_name="+")
    used = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()
    brought_by = models.ForeignKey(
        Import, models.SET_NULL, null=True, blank=True, related_name="%(class)ss"
    )

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="%(class)s_is_kept_for_a_team_or_an_agent",
                condition=Q(team=None) | Q(agent=None),
            ),
            models.UniqueConstraint(
                Lower("name"),
                Coalesce("team", 0, output_field=models.BigIntegerField()),
                Coalesce("agent", 0, output_field=models.BigIntegerField()),
                name="%(class)s_of_a_name_is_kept_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> str:
        """For whom: `all`, `team:2` or `me`."""
        return "me" if self.agent_id else f"team:{self.team_id}" if self.team_id else "all"


class SavedReply(Kept):
    """Text to start from, in one or more languages; the first is for all others."""

    shortcut = models.CharField(max_length=40, blank=True)
    wordings = models.JSONField(default=list, help_text='In their order: [["en", "Dear …"]].')

    @property
    def texts(self) -> dict[str, str]:
        """The words by language, the first for all others."""
        return dict(self.wordings)


class Macro(Kept):
    """A named list of acts."""

    acts = models.JSONField(default=list, help_text='[{"do": "tag", "with": "late"}]')
