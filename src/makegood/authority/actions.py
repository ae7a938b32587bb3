"""Taking from what somebody may give, and giving back: exact, whoever else does so just then."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.authority.events import AuthorityGivenBack, AuthorityTaken
from makegood.authority.models import Budget, Purse, Spending
from makegood.authority.queries import Left, budget_left, left, today, who_may
from makegood.kit.errors import Refused
from makegood.kit.money import Money
from makegood.kit.records import Record
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.team.models import Agent

MOST_NAMED = 3


class BeyondAuthority(Refused):
    """It is more than they may give. Says which limit, what is left of it, and who could."""

    def __init__(self, words: str, *, limit: str, left: Money, who_could: Sequence[Agent]) -> None:
        super().__init__(words)
        self.limit = limit
        """case, day, month or budget."""
        self.left = left
        self.who_could = who_could


@transaction.atomic
def take(
    agent: Agent, money: Money, *, ref: str, case: str, budget: Budget | None = None, by: Actor
) -> Spending:
    """Take a sum from what an agent may give. Once for each `ref`: the same again is the same.

    What was given back is not taken anew under its old `ref`: whoever tries again names it anew.
    """
    _hold(agent, money.currency, case, budget)
    known = Spending.objects.filter(ref=ref, gives_back=None).first()
    if known is not None:
        return _the_same(known, agent, money)
    _refuse_more(agent, money, case)
    if budget is not None:
        _refuse_beyond(budget, money, case)
    now = timezone.now()
    spending = Spending.objects.create(
        agent=agent, ref=ref, case=case, currency=money.currency, minor=money.minor,
        budget=budget, counts_on=today(now), at=now,
    )  # fmt: skip
    fact = AuthorityTaken(
        agent_name=agent.name, amount=_digits(money), minor=money.minor, currency=money.currency,
        budget_name=budget.name if budget else "",
    )  # fmt: skip
    record(fact, about=_about(spending), by=by)
    return spending


@transaction.atomic
def give_back(ref: str, *, by: Actor) -> Spending | None:
    """What was taken for this may be given again: it was declined, or it failed. Once."""
    taken = Spending.objects.select_related("agent", "budget").filter(ref=ref, gives_back=None)
    spending = taken.first()
    if spending is None:
        return None
    _hold(spending.agent, spending.currency, spending.case, spending.budget)
    if Spending.objects.filter(gives_back=spending).exists():
        return None
    back = Spending.objects.create(
        agent=spending.agent, ref=ref, case=spending.case, currency=spending.currency,
        minor=-spending.minor, budget=spending.budget, counts_on=spending.counts_on,
        at=timezone.now(), gives_back=spending,
    )  # fmt: skip
    fact = AuthorityGivenBack(
        agent_name=spending.agent.name, amount=_digits(spending.money), minor=spending.minor,
        currency=spending.currency, budget_name=spending.budget.name if spending.budget else "",
    )  # fmt: skip
    record(fact, about=_about(spending), by=by)
    return back


def _hold(agent: Agent, currency: str, case: str, budget: Budget | None) -> None:
    """Hold everything that this is counted with until the transaction ends, in one order."""
    names = [f"agent:{agent.pk}:{currency}", f"case:{case}:{currency}"]
    if budget is not None:
        names.append(f"budget:{budget.pk}")
    for name in sorted(names):
        Purse.objects.get_or_create(name=name)
        Purse.objects.select_for_update().get(name=name)


def _the_same(known: Spending, agent: Agent, money: Money) -> Spending:
    if known.money != money or known.agent_id != agent.pk:
        raise Refused(_("Another sum was taken for this already."))
    if Spending.objects.filter(gives_back=known).exists():
        raise Refused(_("This was taken and given back already."))
    return known


def _refuse_more(agent: Agent, money: Money, case: str) -> None:
    if money.minor < 0:
        raise Refused(_("Less than nothing cannot be given."))
    theirs = left(agent, money.currency, case)
    if theirs.holds(money):
        return
    limit, rest = _narrowest(theirs)
    words = {
        "case": _("For this you may still give %(left)s; this is %(money)s."),
        "day": _("Today you may still give %(left)s; this is %(money)s."),
        "month": _("This month you may still give %(left)s; this is %(money)s."),
    }[limit]
    raise _beyond(words, limit=limit, left=rest, money=money, case=case)


def _narrowest(theirs: Left) -> tuple[str, Money]:
    named = {"case": theirs.case, "day": theirs.day, "month": theirs.month}
    found = [(one.minor, name) for name, one in named.items() if one is not None]
    minor, name = min(found)
    return name, Money(max(0, minor), theirs.currency)


def _refuse_beyond(budget: Budget, money: Money, case: str) -> None:
    if budget.currency != money.currency:
        raise Refused(_("The budget %(name)s is in another currency.") % {"name": budget.name})
    if Budget.objects.filter(pk=budget.pk, closed_at=None).first() is None:
        raise Refused(_("The budget %(name)s is closed.") % {"name": budget.name})
    rest = budget_left(budget)
    if money.minor > rest.minor:
        words = _("The budget %(name)s still holds %(left)s; this is %(money)s.")
        said = words % {"name": budget.name, "left": rest, "money": money}
        raise BeyondAuthority(said, limit="budget", left=rest, who_could=[])


def _beyond(words: str, *, limit: str, left: Money, money: Money, case: str) -> BeyondAuthority:
    could = who_may(money, case)
    said = words % {"left": left, "money": money}
    if could:
        names = ", ".join(agent.name for agent in could[:MOST_NAMED])
        said += " " + _("These may: %(names)s.") % {"names": names}
    return BeyondAuthority(said, limit=limit, left=left, who_could=could)


def _about(spending: Spending) -> list[Record | str]:
    named = dict.fromkeys(filter(None, (spending.ref, spending.case)))
    return [*named, spending.agent]


def _digits(money: Money) -> str:
    return f"{money.decimal()} {money.currency}"
