from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from django.db import models

from makegood.kit.records import Record
from makegood.ledger import facts
from makegood.ledger.actors import Named


class NeverEdited(RuntimeError):
    """Somebody tried to change the ledger. A database trigger would have refused too."""


class AppendOnly(models.Model):
    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None and not self._state.adding:
            raise NeverEdited(self._meta.label)
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> Any:
        raise NeverEdited(self._meta.label)


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, ref: str) -> "EventQuerySet":
        return self.filter(subjects__ref=ref)

    def in_order(self) -> "EventQuerySet":
        return self.order_by("pk")


class Event(AppendOnly):
    """Something that happened. `at` is when; `recorded_at` and the id are when we wrote it."""

    kind = models.CharField(max_length=60)
    facts = models.JSONField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    commitment = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 over salt and personal content."
    )

    objects: ClassVar[Any] = EventQuerySet.as_manager()
    brought: Mapping[str, Record] = MappingProxyType({})
    """Rows that were at hand when it was recorded, for who reacts in the same transaction."""

    class Meta:
        indexes = [models.Index(fields=["kind", "id"], name="event_by_kind")]

    def personal_content(self) -> dict[str, Any]:
        """What can be forgotten, or nothing where it was."""
        personal = getattr(self, "personal", None)
        return personal.content if personal is not None else {}

    def told(self) -> dict[str, Any]:
        """Every field that is still known, with the actor's name as `by`."""
        fields = {**self.facts, **self.personal_content()}
        if self.by.startswith("system:"):
            fields.setdefault("by", "Makegood")
        return fields

    def sentence(self) -> str:
        return facts.sentence(self.kind, self.told())

    def subject(self, noun: str) -> int:
        """The number of the one subject of this noun: 17 of `conversation:17`."""
        return next(
            int(ref.partition(":")[2])
            for ref in (subject.ref for subject in self.subjects.all())
            if ref.partition(":")[0] == noun
        )

    @property
    def actor(self) -> Named:
        return Named(self.by, str(self.told().get("by", "")))


class EventSubject(AppendOnly):
    """One thing that an event is about. References are words, so the ledger knows nobody."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="subjects")
    ref = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ref", "event"], name="an_event_names_a_subject_once")
        ]


class Personal(models.Model):
    """The part of an event that can be forgotten: deleting it leaves the proof."""

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="personal")
    salt = models.BinaryField(max_length=16)
    content = models.JSONField()


class Seal(AppendOnly):
    """A signed Merkle root over a run of events, chained to the seal before."""

    first = models.BigIntegerField()
    last = models.BigIntegerField(unique=True)
    leaves = models.BinaryField(help_text="For each event: its id (8 bytes), its leaf (32).")
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    sealed_at = models.DateTimeField()


class Follower(models.Model):
    """How far one reader of the ledger has come, and which process reads for it now."""

    name = models.CharField(max_length=60, primary_key=True)
    position = models.BigIntegerField(default=0)
    fence = models.BigIntegerField(default=0)
    leased_by = models.CharField(max_length=80, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    trouble = models.TextField(blank=True)
    moved_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="In a row, at this position.")
    failing_since = models.DateTimeField(null=True, blank=True)


class Held(models.Model):
    """An event that a follower could not work through and passed, until somebody retries it."""

    follower = models.ForeignKey(Follower, models.CASCADE, related_name="held")
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    trouble = models.TextField(blank=True)
    held_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "event"], name="an_event_is_held_once")
        ]
