from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.conversations.models import Conversation
from makegood.kit.records import Record
from makegood.team.models import Agent


class BulkAct(Record):
    """One act on many conversations: who does it, what, on which, and how far it is."""

    class State(models.TextChoices):
        LOOKING = "looking", _("looking")
        TRIED = "tried", _("tried")
        LEFT = "left", _("not done")
        RUNNING = "running", _("running")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    act = models.JSONField(help_text='What is done: {"do": "assign", "with": "team:3"}.')
    source = models.JSONField(default=dict, help_text='All that match {"q": …}, or chosen by hand.')
    state = models.CharField(choices=State, default=State.LOOKING, max_length=10)
    looked_to = models.CharField(max_length=400, blank=True, help_text="Where it looks on.")
    total = models.PositiveIntegerField(default=0)
    acted = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0, help_text="Were so already.")
    refused = models.PositiveIntegerField(default=0)
    restored = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0, help_text="Not undone: changed since.")
    asked_at = models.DateTimeField()
    worked_at = models.DateTimeField()
    newest = models.BigIntegerField(
        null=True, help_text="The desk's newest message when it was asked for."
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["worked_at"],
                condition=Q(state__in=["looking", "running", "undoing"]),
                name="bulk_acts_under_way",
            ),
            models.Index(fields=["agent", "-id"], name="bulk_acts_of_an_agent"),
        ]

    @property
    def verb(self) -> str:
        return str(self.act["do"])

    def is_under_way(self) -> bool:
        return self.state in (self.State.LOOKING, self.State.RUNNING, self.State.UNDOING)

    def waits(self) -> int:
        """How many it has not come to yet."""
        return max(0, self.total - self.acted - self.same - self.refused)


class BulkItem(models.Model):
    """One conversation of a bulk act: what becomes of it, and how it stood before and after."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ACTED = "acted", _("done")
        SAME = "same", _("was so already")
        REFUSED = "refused", _("refused")
        RESTORED = "restored", _("undone")
        KEPT = "kept", _("changed since")

    bulk = models.ForeignKey(BulkAct, models.PROTECT, related_name="items")
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="+")
    state = models.CharField(choices=State, default=State.WAITING, max_length=10)
    foreseen = models.CharField(choices=State, default=State.ACTED, max_length=10)
    reason = models.CharField(max_length=250, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bulk", "conversation"], name="a_bulk_act_meets_a_conversation_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["bulk", "state", "id"], name="items_of_a_bulk_act"),
        ]
