"""The facts that the ledger records about itself."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class Forgotten(Fact, kind="ledger.forgotten"):
    """Personal content of earlier events was deleted; their proof stays."""

    says = _("{by} forgot personal content")

    events: list[int]
