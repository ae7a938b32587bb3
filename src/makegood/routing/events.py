from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class MovedOn(Fact, kind="conversation.moved_on"):
    """Whoever had it was away while the customer waited, so it went on."""

    says = _("{agent_name} was away: this went on to {to}")
    personal = ("agent_name", "to")

    agent: int
    agent_name: str
    to: str


@dataclass(frozen=True, kw_only=True)
class RoutingSet(Fact, kind="team.routing_set"):
    """It was said how a team's conversations find somebody."""

    says = _("{by} changed how conversations of {team_name} are given out")
    plain = ("team_name", "before", "after")

    team_name: str
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class StrengthsSet(Fact, kind="agent.strengths_set"):
    """It was said what an agent knows, and what is not for them."""

    says = _("{by} set what {agent_name} knows")
    personal = ("agent_name",)
    plain = ("before", "after")

    agent_name: str
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
