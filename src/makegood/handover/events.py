from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class HandedOver(Fact, kind="agent.handed_over"):
    """What was an agent's is somebody else's, or the teams'."""

    says = _("{by} handed over what was {agent_name}’s to {to_name}")
    personal = ("agent_name", "to_name")

    agent_name: str
    to_name: str
    before: dict[str, str]
    after: dict[str, str]
