from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from makegood.kit.records import Record


class Calendar(Record):
    """When somebody is there: a week, the holidays of a place, and days that are different.

    `week` holds seven lists, Monday's first, of `[begins, ends]` in minutes of the day; an end
    beyond 1,440 lies on the next day.
    """

    name = models.CharField(max_length=80, unique=True)
    zone = models.CharField(max_length=64, help_text="An IANA name: Europe/Berlin.")
    week = models.JSONField()
    country = models.CharField(max_length=2, blank=True, help_text="Whose public holidays.")
    region = models.CharField(max_length=10, blank=True)
    is_standard = models.BooleanField(
        default=False, help_text="Of every inbox and team that has none of its own."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_standard"],
                condition=Q(is_standard=True),
                name="there_is_one_standard_calendar",
            )
        ]
        ordering: ClassVar[list[str]] = ["-is_standard", "name"]

    def __str__(self) -> str:
        return self.name


class OwnDay(models.Model):
    """A date that has other hours than its weekday, or none; it goes before a public holiday."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="days")  # a part of it
    on = models.DateField()
    shifts = models.JSONField(default=list, help_text="As in the week; an empty list is closed.")
    words = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["calendar", "on"], name="a_day_is_different_once")
        ]
        ordering: ClassVar[list[str]] = ["on"]

    def __str__(self) -> str:
        return f"{self.on} {self.words}".strip()


class Closure(models.Model):
    """From one moment to another nobody is there, whatever the hours say."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="closures")  # a part of it
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    words = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_closure_takes_time", condition=Q(begins_at__lt=F("ends_at"))
            )
        ]
        ordering: ClassVar[list[str]] = ["begins_at"]

    def __str__(self) -> str:
        return self.words or f"{self.begins_at:%Y-%m-%d %H:%M}"


class Use(models.Model):
    """Whose hours a calendar tells: `inbox:3` or `team:2`."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="uses")  # a part of it
    whose = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.whose
