from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class AuthorityChanged(Fact, kind="authority.changed"):
    """How much whoever has a role may give was changed."""

    says = _("{by} changed what the role {role_name} may give in {currency}")
    plain = ("role_name", "currency", "before", "after")

    role_name: str
    currency: str
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class AuthorityTaken(Fact, kind="authority.taken"):
    """A sum was taken from what an agent may give."""

    says = _("{amount} was taken from what {agent_name} may give")
    personal = ("agent_name",)
    plain = ("amount", "currency", "budget_name")

    agent_name: str
    amount: str
    minor: int
    currency: str
    budget_name: str = ""


@dataclass(frozen=True, kw_only=True)
class AuthorityGivenBack(Fact, kind="authority.given_back"):
    """A sum that was not given after all may be given again."""

    says = _("{amount} came back to what {agent_name} may give")
    personal = ("agent_name",)
    plain = ("amount", "currency", "budget_name")

    agent_name: str
    amount: str
    minor: int
    currency: str
    budget_name: str = ""


@dataclass(frozen=True, kw_only=True)
class BudgetSaved(Fact, kind="budget.saved"):
    """A budget was made, changed, closed or opened again."""

    says = _("{by} changed the budget {budget_name}")
    plain = ("budget_name", "before", "after")

    budget_name: str
    before: dict[str, str]
    after: dict[str, str]
