"""Questions that agents saved as views, and where each stands in whose row."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from makegood.kit.records import Record
from makegood.team.models import Agent, Team


class SavedView(Record):
    """A question about conversations that is asked again and again, under a name."""

    class Audience(models.TextChoices):
        """Who has it in their list."""

        OWN = "own", _("only me")
        TEAM = "team", _("a team")
        LEADS = "leads", _("leads and owners")
        ALL = "all", _("everybody")

    class Order(models.TextChoices):
        USUAL = "", _("as usual")
        LONGEST = "longest", _("longest first")
        NEWEST = "newest", _("newest first")
        OLDEST = "oldest", _("oldest first")
        URGENT = "urgent", _("most urgent first")

    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("query"), max_length=1000)
    order = models.CharField(_("order"), choices=Order, default="", max_length=8, blank=True)
    columns = models.JSONField(default=list, blank=True)
    """What a row shows at its end."""
    audience = models.CharField(
        _("who has it"), choices=Audience, default=Audience.OWN, max_length=5
    )
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="only_a_teams_view_names_a_team",
                condition=Q(audience="team", team__isnull=False)
                | (~Q(audience="team") & Q(team=None)),
            ),
            models.UniqueConstraint(
                "agent", Lower("name"), name="an_agents_view_of_a_name_is_there_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ViewPlace(models.Model):
    """Where a saved view stands in the list of one agent."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="+")
    # A place of what is gone is no place.
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="places")
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agent", "view"], name="a_view_has_one_place")
        ]
