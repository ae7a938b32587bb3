import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.kit.ids import new_token
from makegood.kit.records import Record
from makegood.kit.secrets import seal, unseal
from makegood.shop.models.shops import Shop

BOTH_COUNT_FOR = timedelta(days=2)
"""How long a secret that was changed still opens the door beside the new one."""


class Connection(Record):
    """A way to a shop, a carrier's tracker or a payment provider: what they tell, what we ask."""

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        OFF = "off", _("switched off")

    public_id = models.CharField(max_length=26, unique=True, default=new_token, editable=False)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    shop = models.ForeignKey(
        Shop, models.PROTECT, null=True, blank=True, related_name="connections"
    )
    brings_orders = models.BooleanField(default=False, help_text="It is where the orders are kept.")
    base_url = models.CharField(max_length=250, blank=True)
    settings = models.JSONField(default=dict, blank=True)
    sealed = models.TextField(blank=True, help_text="Sealed JSON of secrets.")
    state = models.CharField(choices=State, default=State.ACTIVE, max_length=10)
    trouble = models.CharField(max_length=250, blank=True, help_text="Why asking it failed last.")
    rests_until = models.DateTimeField(null=True, blank=True, help_text="It asked us to wait.")
    heard_at = models.DateTimeField(null=True, blank=True, help_text="Its newest genuine signal.")
    forged = models.PositiveIntegerField(default=0, help_text="Signals that were not genuine.")
    forged_at = models.DateTimeField(null=True, blank=True)
    rotated_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop"], condition=Q(brings_orders=True), name="a_shop_tells_by_one_way"
            )
        ]
        ordering: ClassVar[list[str]] = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """Where its secrets open: nowhere else."""
        return f"shop_connection:{self.public_id}:sealed"

    def secrets(self) -> dict[str, str]:
        """Its secrets by their names; they are for whoever speaks with it, and for no page."""
        if not self.sealed:
            return {}
        opened: dict[str, str] = json.loads(unseal("connection", self.place, self.sealed).reveal())
        return opened

    def keep_secrets(self, secrets: Mapping[str, str]) -> None:
        self.sealed = seal("connection", self.place, json.dumps(dict(secrets)))

    def is_resting(self, now: datetime) -> bool:
        return self.rests_until is not None and self.rests_until > now


class Signal(Record):
    """What a connection told us, as it came, before it was understood. The row is the queue."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("read")
        PASSED = "passed", _("not for us")
        TROUBLE = "trouble", _("cannot be read")

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="signals")
    event_id = models.CharField(max_length=200, help_text="Its own number; unique on its way.")
    topic = models.CharField(max_length=120)
    headers = models.JSONField(default=dict)
    raw = models.BinaryField()
    happened_at = models.DateTimeField(null=True, blank=True)
    came_at = models.DateTimeField()
    state = models.CharField(choices=State, default=State.WAITING, max_length=10)
    trouble = models.CharField(max_length=250, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(help_text="When it is looked at; later, where it has to wait.")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "event_id"], name="a_signal_comes_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_at"], condition=Q(state="waiting"), name="signals_to_be_read"
            ),
            models.Index(fields=["connection", "-came_at"], name="signals_of_a_connection"),
            models.Index(
                fields=["came_at"], condition=Q(state__in=["done", "passed"]), name="signals_read"
            ),
        ]


class Pull(Record):
    """Everything of one kind is asked for, page by page: at first, and again every night."""

    class Purpose(models.TextChoices):
        FIRST = "first", _("first import")
        NIGHT = "night", _("nightly look")

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="pulls")
    what = models.CharField(max_length=20)
    purpose = models.CharField(choices=Purpose, max_length=10)
    state = models.CharField(choices=State, default=State.RUNNING, max_length=10)
    since = models.DateTimeField(null=True, blank=True)
    cursor = models.TextField(blank=True, help_text="The page that is asked for next.")
    pages = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, help_text="Things by what became of them.")
    drift = models.JSONField(default=list, help_text="What was otherwise here, in words.")
    trouble = models.CharField(max_length=250, blank=True)
    attempts = models.PositiveIntegerField(default=0, help_text="Failed ones, since the last page.")
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "what"],
                condition=Q(state="running"),
                name="one_pull_of_a_kind_runs",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=Q(state="running"), name="pulls_under_way")
        ]
