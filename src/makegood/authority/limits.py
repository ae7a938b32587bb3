"""What a role may give: what the office says, and where it says nothing, the house."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.authority.events import AuthorityChanged
from makegood.authority.models import Limit
from makegood.kit.errors import Refused
from makegood.kit.money import Money, known_currency
from makegood.kit.second import refuses_a_second
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.team.models import Agent
from makegood.team.queries import ShownRole

Reach = Limit.Reach


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much may be given, in minor units; None is without limit of that kind."""

    per_case: int | None = None
    per_day: int | None = None
    per_month: int | None = None

    def is_endless(self) -> bool:
        return (self.per_case, self.per_day, self.per_month) == (None, None, None)

    @property
    def reach(self) -> Reach:
        if self.is_endless():
            return Reach.UNLIMITED
        return Reach.NOTHING if self.per_case == 0 else Reach.LIMITED


ENDLESS = Limits()
NOTHING = Limits(per_case=0, per_day=0, per_month=0)
HOUSE: Mapping[str, Limits] = {
    "agent": Limits(per_case=25_00, per_day=100_00, per_month=1_000_00),
    "lead": Limits(per_case=250_00, per_day=1_000_00, per_month=10_000_00),
    "owner": ENDLESS,
}
"""What holds until somebody says otherwise, in minor units of whichever currency: 25 euros for
one case. Where a unit is small (yen), so is the sum. A role of the shop's own begins with nothing.
"""


def _told(row: Limit) -> Limits:
    if row.reach == Reach.UNLIMITED:
        return ENDLESS
    if row.reach == Reach.NOTHING:
        return NOTHING
    return Limits(
        per_case=row.per_case_minor, per_day=row.per_day_minor, per_month=row.per_month_minor
    )


def limits_of(agent: Agent, currency: str) -> Limits:
    """What an agent's role lets them give in a currency; nothing, once they left."""
    row = Limit.objects.filter(role=agent.role_word, currency=currency).first()
    return _of(agent, row)


def limits_of_all(currency: str) -> Callable[[Agent], Limits]:
    """The same for many agents, in one question."""
    rows = {row.role: row for row in Limit.objects.filter(currency=currency)}
    return lambda agent: _of(agent, rows.get(agent.role_word))


def _of(agent: Agent, row: Limit | None) -> Limits:
    if not agent.is_active:
        return NOTHING
    return _told(row) if row else HOUSE.get(agent.role_word, NOTHING)


def limits_of_role(word: str, currency: str) -> Limits:
    row = Limit.objects.filter(role=word, currency=currency).first()
    return _told(row) if row else HOUSE.get(word, NOTHING)


def currencies_set() -> Sequence[str]:
    """Every currency that somebody set limits in."""
    return sorted(set(Limit.objects.order_by().values_list("currency", flat=True)))


@dataclass(frozen=True, kw_only=True)
class Line:
    """One role in one currency, as the table of the office shows it."""

    role: ShownRole
    currency: str
    limits: Limits

    def money(self, minor: int | None) -> Money | None:
        return None if minor is None else Money(minor, self.currency)


def table(roles: Sequence[ShownRole], currencies: Sequence[str]) -> Sequence[Line]:
    """Every role by every currency, with what it may give."""
    rows = {(row.role, row.currency): _told(row) for row in Limit.objects.all()}
    return [
        Line(
            role=role,
            currency=currency,
            limits=rows.get((role.word, currency), HOUSE.get(role.word, NOTHING)),
        )
        for currency in currencies
        for role in roles
    ]


@refuses_a_second
@transaction.atomic
def set_limits(role: ShownRole, currency: str, limits: Limits, *, by: Actor) -> Limit:
    """Say how much whoever has a role may give in a currency, from now on."""
    currency = known_currency(currency)
    row = Limit.objects.select_for_update().filter(role=role.word, currency=currency).first()
    _refuse(limits)
    before = limits_of_role(role.word, currency)
    if row is not None and before == limits:
        return row
    row = row or Limit(role=role.word, currency=currency)
    row.reach = limits.reach
    is_limited = row.reach == Reach.LIMITED
    row.per_case_minor = limits.per_case if is_limited else None
    row.per_day_minor = limits.per_day if is_limited else None
    row.per_month_minor = limits.per_month if is_limited else None
    row.save()
    fact = AuthorityChanged(
        role_name=role.name,
        currency=currency,
        before=in_words(before, currency),
        after=in_words(limits, currency),
    )
    record(fact, about=[row], by=by)
    return row


def _refuse(limits: Limits) -> None:
    given = [one for one in (limits.per_case, limits.per_day, limits.per_month) if one is not None]
    if any(one < 0 for one in given):
        raise Refused(_("A limit is not below nothing."))
    if given and limits.per_case is None:
        raise Refused(_("Say how much for one case, or choose “without limit”."))


def in_words(limits: Limits, currency: str) -> dict[str, str]:
    """For the ledger: amounts by their names, in digits that no language changes."""

    def words(minor: int | None) -> str:
        return "" if minor is None else f"{Money(minor, currency).decimal()} {currency}"

    return {
        "reach": str(limits.reach),
        "per_case": words(limits.per_case),
        "per_day": words(limits.per_day),
        "per_month": words(limits.per_month),
    }
