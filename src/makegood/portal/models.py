from typing import ClassVar

from django.db import models


class Spending(models.Model):
    """How much of one budget one spender has used in the time that ends then."""

    budget = models.CharField(max_length=40)
    spender = models.CharField(max_length=64, help_text="A hash: nobody is named here.")
    ends_at = models.DateTimeField()
    spent = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["budget", "spender"], name="a_spender_has_one_purse")
        ]
        indexes: ClassVar = [models.Index(fields=["ends_at"], name="spendings_that_are_over")]
