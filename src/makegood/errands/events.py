from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ErrandAsked(Fact, kind="errand.asked"):
    """Somebody asked the shop to do something."""

    says = _("{by} asked the shop: {what} {amount} (order {number})")
    plain = ("what", "amount", "minor", "currency", "number")

    what: str
    amount: str
    minor: int
    currency: str
    number: str


@dataclass(frozen=True, kw_only=True)
class ErrandDone(Fact, kind="errand.done"):
    """The shop did it, or somebody did it by hand."""

    says = _("Done by the shop: {what} {amount} (order {number})")
    plain = ("what", "amount", "minor", "currency", "number", "external_id", "is_by_hand")

    what: str
    amount: str
    minor: int
    currency: str
    number: str
    external_id: str
    is_by_hand: bool


@dataclass(frozen=True, kw_only=True)
class ErrandDeclined(Fact, kind="errand.declined"):
    """The shop said no; nothing happened."""

    says = _("The shop says no: {what} {amount} (order {number}). {words}")
    plain = ("what", "amount", "number")
    personal = ("words",)

    what: str
    amount: str
    number: str
    words: str


@dataclass(frozen=True, kw_only=True)
class ErrandInDoubt(Fact, kind="errand.in_doubt"):
    """The shop did not answer: it may have happened."""

    says = _("In doubt: {what} {amount} (order {number})")
    plain = ("what", "amount", "number")

    what: str
    amount: str
    number: str


@dataclass(frozen=True, kw_only=True)
class ErrandCalledOff(Fact, kind="errand.called_off"):
    """It was taken back before the shop heard of it."""

    says = _("{by} called off: {what} {amount} (order {number})")
    plain = ("what", "amount", "number")

    what: str
    amount: str
    number: str
