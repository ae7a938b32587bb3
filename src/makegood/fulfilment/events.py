from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class TermsSaved(Fact, kind="terms.saved"):
    """The times that a shop states were said, or said otherwise, switched or moved."""

    says = _("{by} changed the stated times “{name}”: {what}")
    plain = ("name", "what", "before", "after")

    terms: int
    name: str
    what: str
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class OrderConfirmed(Fact, kind="order.confirmed"):
    """A customer was told that their order, or their money, is here."""

    says = _("{by} had order {number} confirmed: {what}, {how}")
    plain = ("number", "what", "how")

    number: str
    what: str
    how: str
