from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.kit.money import Money
from makegood.kit.records import Record
from makegood.ledger.models import AppendOnly
from makegood.team.models import Agent


class Limit(Record):
    """How much whoever has a role may give in one currency. Where none stands, the house's hold."""

    class Reach(models.TextChoices):
        NOTHING = "nothing", _("nothing")
        LIMITED = "limited", _("up to limits")
        UNLIMITED = "unlimited", _("without limit")

    role = models.CharField(max_length=24, help_text="By its word: lead, own:3.")
    currency = models.CharField(max_length=3)
    reach = models.CharField(choices=Reach, max_length=10)
    per_case_minor = models.BigIntegerField(null=True, blank=True)
    per_day_minor = models.BigIntegerField(null=True, blank=True)
    per_month_minor = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["role", "currency"], name="a_role_has_one_limit"),
            models.CheckConstraint(
                condition=Q(reach="limited", per_case_minor__isnull=False)
                | (
                    ~Q(reach="limited")
                    & Q(per_case_minor=None, per_day_minor=None, per_month_minor=None)
                ),
                name="limits_stand_where_there_are_any",
            ),
        ]


class Budget(Record):
    """A sum that is there for one purpose, each month or once."""

    class Span(models.TextChoices):
        MONTH = "month", _("every month")
        ONCE = "once", _("in all")

    name = models.CharField(max_length=80, unique=True)
    purpose = models.CharField(max_length=250, blank=True, help_text="What it is for.")
    currency = models.CharField(max_length=3)
    most_minor = models.BigIntegerField()
    span = models.CharField(choices=Span, default=Span.MONTH, max_length=5)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def most(self) -> Money:
        return Money(self.most_minor, self.currency)


class Purse(models.Model):
    """What is counted together, so that one who takes holds it: an agent, a case, a budget."""

    name = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


class Spending(AppendOnly, Record):
    """A sum that was taken from somebody's authority, or given back to it; never changed."""

    agent = models.ForeignKey(Agent, models.PROTECT, related_name="spendings")
    ref = models.CharField(max_length=120, help_text="For what: makegood:7.")
    case = models.CharField(max_length=80, help_text="What it is counted with: order:12.")
    currency = models.CharField(max_length=3)
    minor = models.BigIntegerField(help_text="Taken; below nothing where it was given back.")
    budget = models.ForeignKey(
        Budget, models.PROTECT, null=True, blank=True, related_name="spendings"
    )
    counts_on = models.DateField(help_text="The day that it was taken on, by the house's clock.")
    at = models.DateTimeField()
    gives_back = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="given_back"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ref"], condition=Q(gives_back=None), name="a_sum_is_taken_once"
            ),
            models.CheckConstraint(
                condition=Q(gives_back=None, minor__gte=0)
                | Q(gives_back__isnull=False, minor__lte=0),
                name="what_is_given_back_is_below_nothing",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agent", "currency", "counts_on"], name="spendings_of_an_agent"),
            models.Index(fields=["case", "currency"], name="spendings_of_a_case"),
            models.Index(fields=["budget", "counts_on"], name="spendings_of_a_budget"),
        ]

    @property
    def money(self) -> Money:
        return Money(self.minor, self.currency)
