from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class Mentioned(Fact, kind="note.mentioned"):
    """An agent named others in a note, so that they look at it."""

    says = _("{by} mentioned {names}")
    personal = ("names",)

    note: int
    names: str
    agents: list[int]
