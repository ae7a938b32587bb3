from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class RollBegun(Fact, kind="roll.begun"):
    """Somebody lets a file of people be brought in."""

    says = _("{by} began to bring in {count} lines of {name}: {what}")
    plain = ("what", "name")

    what: str
    name: str
    count: int


@dataclass(frozen=True, kw_only=True)
class RollStopped(Fact, kind="roll.stopped"):
    """Bringing in a file was stopped; what came in stays."""

    says = _("{by} stopped bringing in {name}")
    plain = ("name",)

    name: str


@dataclass(frozen=True, kw_only=True)
class RollEnded(Fact, kind="roll.ended"):
    """A file of people is brought in, as far as it could be."""

    says = _("{name} is brought in: {made} new, {altered} changed, {rejected} refused")
    plain = ("name",)

    name: str
    made: int
    altered: int
    rejected: int


@dataclass(frozen=True, kw_only=True)
class RollTakenBack(Fact, kind="roll.taken_back"):
    """Somebody lets everything that a file brought be taken out again."""

    says = _("{by} takes back what {name} brought")
    plain = ("name",)

    name: str


@dataclass(frozen=True, kw_only=True)
class RollUndone(Fact, kind="roll.undone"):
    """What a file brought is taken out again, where nobody changed it since."""

    says = _("{name} is taken back: {removed} taken out, {restored} as before, {left} left")
    plain = ("name",)

    name: str
    removed: int
    restored: int
    left: int


@dataclass(frozen=True, kw_only=True)
class CustomerTakenOut(Fact, kind="customer.taken_out"):
    """A customer whom a file brought, and who never wrote, was taken out again."""

    says = _("{by} took out {name}, whom a file had brought")
    personal = ("name",)

    name: str
