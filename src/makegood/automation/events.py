from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class RuleSaved(Fact, kind="rule.saved"):
    """A rule was made or changed; what it said before stands beside."""

    says = _("{by} saved the rule “{title}”")
    plain = ("title", "before", "after")

    title: str
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class RuleRemoved(Fact, kind="rule.removed"):
    """A rule was thrown away."""

    says = _("{by} removed the rule “{title}”")
    plain = ("title", "before")

    title: str
    before: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class RuleSwitchedOn(Fact, kind="rule.switched_on"):
    """A rule holds from now on."""

    says = _("{by} switched the rule “{title}” on")
    plain = ("title",)

    title: str


@dataclass(frozen=True, kw_only=True)
class RuleSwitchedOff(Fact, kind="rule.switched_off"):
    """A rule holds no longer."""

    says = _("{by} switched the rule “{title}” off")
    plain = ("title",)

    title: str


@dataclass(frozen=True, kw_only=True)
class RuleBroke(Fact, kind="rule.broke"):
    """A rule makes no sense any more and turned itself off."""

    says = _("The rule “{title}” turned itself off: {reason}")
    plain = ("title", "reason")

    title: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RulesOrdered(Fact, kind="rule.ordered"):
    """The rules are asked in another order."""

    says = _("{by} put the rules in another order")
    plain = ("before", "after")

    before: list[str]
    after: list[str]


@dataclass(frozen=True, kw_only=True)
class RulesStopped(Fact, kind="rule.all_off"):
    """No rule does anything until somebody lets them."""

    says = _("{by} turned all rules off")


@dataclass(frozen=True, kw_only=True)
class RulesAllowed(Fact, kind="rule.all_on"):
    """The rules that are on hold again."""

    says = _("{by} let the rules hold again")


@dataclass(frozen=True, kw_only=True)
class RuleRan(Fact, kind="rule.ran"):
    """A rule met a conversation; what it did follows."""

    says = _("The rule “{title}” holds here")
    plain = ("title", "cause")

    rule: int
    run: int
    title: str
    cause: str


@dataclass(frozen=True, kw_only=True)
class RuleCircled(Fact, kind="rule.circled"):
    """Rules set each other off again and again; the chain was ended."""

    says = _("The rule “{title}” was not asked again: the rules went in a circle")
    plain = ("title",)

    rule: int
    run: int
    title: str
