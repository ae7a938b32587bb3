from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class Redacted(Fact, kind="message.redacted"):
    """A passage was removed for good; the commitment proves what it was to whoever knows it."""

    says = _("{by} removed something for good: {reason}")
    plain = ("what", "commitment")
    personal = ("reason",)

    redaction: int
    what: str
    commitment: str
    places: int
    reason: str
