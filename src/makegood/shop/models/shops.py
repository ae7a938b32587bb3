from django.db import models

from makegood.kit.records import Record


class Shop(Record):
    """One place where orders are kept: a connection tells of it, or files that somebody brings."""

    name = models.CharField(max_length=80, unique=True)
    currency = models.CharField(max_length=3, help_text="Of orders that name none.")
    time_zone = models.CharField(max_length=64, help_text="Of times that name none.")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
