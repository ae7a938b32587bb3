"""Budgets: a sum that is there for one purpose."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.authority.events import BudgetSaved
from makegood.authority.models import Budget
from makegood.kit.errors import Refused
from makegood.kit.money import Money
from makegood.kit.second import refuses_a_second
from makegood.kit.text import one_line, plain_name
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor


@dataclass(frozen=True, kw_only=True)
class BudgetWish:
    """How a budget is to be."""

    name: str
    most: Money
    span: str = Budget.Span.MONTH
    purpose: str = ""


@refuses_a_second
@transaction.atomic
def save_budget(budget: Budget | None, wish: BudgetWish, *, by: Actor) -> Budget:
    """Make a budget or change it. Its currency stays: sums were taken in it."""
    now = timezone.now()
    budget = (
        Budget.objects.select_for_update().get(pk=budget.pk)
        if budget
        else Budget(currency=wish.most.currency, made_at=now)
    )
    name = plain_name(wish.name, 80)
    _refuse(budget, wish, name)
    before = _told(budget) if budget.pk else {}
    budget.name, budget.most_minor, budget.span = name, wish.most.minor, wish.span
    budget.purpose = one_line(wish.purpose, 250)
    return _saved(budget, before, by)


@transaction.atomic
def close_budget(budget: Budget, *, is_closed: bool, by: Actor) -> Budget:
    """Nothing is taken from a closed budget; it can be opened again."""
    budget = Budget.objects.select_for_update().get(pk=budget.pk)
    if (budget.closed_at is not None) == is_closed:
        return budget
    before = _told(budget)
    budget.closed_at = timezone.now() if is_closed else None
    return _saved(budget, before, by)


def _refuse(budget: Budget, wish: BudgetWish, name: str) -> None:
    if not name:
        raise Refused(_("A budget needs a name."))
    if Budget.objects.exclude(pk=budget.pk or 0).filter(name__iexact=name).exists():
        raise Refused(_("There is already a budget of this name."))
    if wish.most.minor <= 0:
        raise Refused(_("A budget holds more than nothing."))
    if budget.currency != wish.most.currency:
        raise Refused(_("The currency of a budget stays as it is: make another."))
    if wish.span not in Budget.Span.values:
        raise Refused(_("A budget is for every month, or in all."))


def _saved(budget: Budget, before: dict[str, str], by: Actor) -> Budget:
    after = _told(budget)
    if before == after:
        return budget
    budget.save()
    record(BudgetSaved(budget_name=budget.name, before=before, after=after), about=[budget], by=by)
    return budget


def _told(budget: Budget) -> dict[str, str]:
    return {
        "name": budget.name,
        "purpose": budget.purpose,
        "amount": f"{budget.most.decimal()} {budget.currency}",
        "span": str(budget.span),
        "active": "no" if budget.closed_at else "yes",
    }
