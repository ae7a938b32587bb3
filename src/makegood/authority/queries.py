"""How much is left: counted from every sum that was taken, never kept beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.http import Http404
from django.utils import timezone

from makegood.authority.limits import Limits, currencies_set, limits_of, limits_of_all
from makegood.authority.models import Budget, Spending
from makegood.kit.money import Money
from makegood.team.models import Agent
from makegood.team.queries import active_agents


@dataclass(frozen=True, kw_only=True)
class Left:
    """What an agent may still give in a currency. None is without limit."""

    currency: str
    case: Money | None
    day: Money | None
    month: Money | None

    @property
    def most(self) -> Money | None:
        """The least of them: what can be given now."""
        found = [one.minor for one in (self.case, self.day, self.month) if one is not None]
        return Money(max(0, min(found)), self.currency) if found else None

    def holds(self, money: Money) -> bool:
        return self.most is None or money.minor <= self.most.minor


def today(now: datetime | None = None) -> date:
    """The day by the house's clock: limits of a day begin at its midnight, for everybody."""
    return (now or timezone.now()).astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def left(agent: Agent, currency: str, case: str = "") -> Left:
    """How much an agent may still give: for this case, today, and this month.

    Of a case everything counts that anybody gave for it, so that two cannot give it twice.
    """
    return _left(agent, currency, limits_of(agent, currency), taken_for(case, currency))


def _left(agent: Agent, currency: str, limits: Limits, of_case: int) -> Left:
    if limits.is_endless():
        return Left(currency=currency, case=None, day=None, month=None)
    day = today()
    theirs = Spending.objects.filter(agent=agent, currency=currency)
    this_month = theirs.filter(counts_on__gte=day.replace(day=1))

    def rest(most: int | None, taken: int) -> Money | None:
        return None if most is None else Money(most - taken, currency)

    return Left(
        currency=currency,
        case=rest(limits.per_case, of_case),
        day=rest(limits.per_day, _sum(theirs.filter(counts_on=day)) if limits.per_day else 0),
        month=rest(limits.per_month, _sum(this_month) if limits.per_month else 0),
    )


def taken_for(case: str, currency: str) -> int:
    """Everything that was taken for a case, by whomever, in minor units."""
    return _sum(Spending.objects.filter(case=case, currency=currency)) if case else 0


def budget_left(budget: Budget) -> Money:
    """What a budget holds still: of this month, or of all."""
    taken = Spending.objects.filter(budget=budget)
    if budget.span == Budget.Span.MONTH:
        taken = taken.filter(counts_on__gte=today().replace(day=1))
    return Money(budget.most_minor - _sum(taken), budget.currency)


def who_may(money: Money, case: str) -> Sequence[Agent]:
    """Everybody here who may give as much for this case, whoever may least of all first."""
    of_case = taken_for(case, money.currency)
    limits = limits_of_all(money.currency)
    able = []
    for agent in active_agents():
        theirs = _left(agent, money.currency, limits(agent), of_case)
        if theirs.holds(money):
            able.append((theirs.most is None, theirs.most.minor if theirs.most else 0, agent))
    able.sort(key=lambda one: (one[0], one[1], one[2].name, one[2].pk))
    return [agent for _endless, _minor, agent in able]


def held(ref: str) -> Spending | None:
    """What is taken for this and was not given back."""
    return Spending.objects.filter(ref=ref, gives_back=None, given_back=None).first()


def open_budgets(currency: str = "") -> Sequence[Budget]:
    found = Budget.objects.filter(closed_at=None)
    return list(found.filter(currency=currency) if currency else found)


def budgets_with_left() -> Sequence[tuple[Budget, Money]]:
    """Every budget and what it holds still; closed ones stand last."""
    budgets = Budget.objects.order_by("closed_at", "name")
    found = sorted(budgets, key=lambda one: (one.closed_at is not None, one.name))
    return [(one, budget_left(one)) for one in found]


def budget_for(agent: Agent, pk: int) -> Budget:
    """A budget for whoever says what may be given, or 404."""
    found = Budget.objects.filter(pk=pk).first() if agent.may("office.authority") else None
    if found is None:
        raise Http404
    return found


def currencies_given() -> Sequence[str]:
    """Every currency that somebody set limits in or gave something in."""
    given = set(Spending.objects.order_by().values_list("currency", flat=True).distinct())
    return sorted(given | set(currencies_set()))


def _sum(rows: "QuerySet[Spending]") -> int:
    return int(rows.aggregate(all=Sum("minor"))["all"] or 0)
