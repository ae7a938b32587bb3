from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.kit.records import Record

RANKS = ("agent", "lead", "owner")
"""Roles in the order of what they may do. Who a field is for is the least of them."""


class Field(Record):
    """Something that a shop wants to know of every customer, or of every conversation."""

    class Noun(models.TextChoices):
        CUSTOMER = "customer", _("customers")
        CONVERSATION = "conversation", _("conversations")

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        NUMBER = "number", _("number")
        DATE = "date", _("date")
        CHOICE = "choice", _("one of several choices")
        YES_NO = "yes or no", _("yes or no")
        LINK = "link", _("link")

    class Least(models.TextChoices):
        AGENT = "agent", _("every agent")
        LEAD = "lead", _("leads and owners")
        OWNER = "owner", _("owners alone")

    noun = models.CharField(choices=Noun, max_length=12)
    key = models.SlugField(max_length=40, help_text="Its word in searches and in the API.")
    name = models.CharField(max_length=80)
    help = models.CharField(max_length=250, blank=True)
    kind = models.CharField(choices=Kind, max_length=10)
    choices = models.JSONField(default=list, blank=True)
    place = models.PositiveIntegerField(default=0)
    seen_by = models.CharField(choices=Least, default=Least.AGENT, max_length=5)
    edited_by = models.CharField(choices=Least, default=Least.AGENT, max_length=5)
    is_telling = models.BooleanField(
        default=False, help_text="The same value on two customers says that they may be one."
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["noun", "key"], name="a_field_has_a_word_of_its_own")
        ]
        ordering: ClassVar[list[str]] = ["noun", "place", "pk"]

    def __str__(self) -> str:
        return self.name

    def may_be_seen_by(self, role: str) -> bool:
        return role in RANKS and RANKS.index(role) >= RANKS.index(self.seen_by)

    def may_be_edited_by(self, role: str) -> bool:
        allowed = role in RANKS and RANKS.index(role) >= RANKS.index(self.edited_by)
        return allowed and self.may_be_seen_by(role) and self.archived_at is None


class Value(models.Model):
    """What a field says of one thing; no row where it says nothing.

    `folded` is the form for comparing and finding, whatever the kind; numbers and dates
    stand beside it in a form that can be ordered.
    """

    field = models.ForeignKey(Field, models.PROTECT, related_name="values")
    thing = models.BigIntegerField(help_text="The number of the customer or the conversation.")
    text = models.CharField(max_length=1000)
    folded = models.CharField(max_length=200)
    number = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["field", "thing"], name="a_field_says_one_thing"),
            models.CheckConstraint(name="a_value_says_something", condition=~Q(text="")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["field", "folded", "thing"], name="things_by_value"),
            models.Index(
                fields=["field", "number", "thing"],
                condition=Q(number__isnull=False),
                name="things_by_number",
            ),
            models.Index(
                fields=["field", "on", "thing"],
                condition=Q(on__isnull=False),
                name="things_by_day",
            ),
            models.Index(fields=["thing", "field"], name="values_of_a_thing"),
        ]

    def __str__(self) -> str:
        return self.text
