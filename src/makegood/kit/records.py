"""The base of every noun that the ledger can speak of."""

from django.db import models


class Record(models.Model):
    """A row with a name that fits on a slip of paper: `conversation:17`."""

    class Meta:
        abstract = True

    @property
    def ref(self) -> str:
        return f"{self._meta.model_name}:{self.pk}"


def ref_id(ref: str) -> int:
    """The number in a reference: 17 of `conversation:17`."""
    return int(ref.partition(":")[2])
