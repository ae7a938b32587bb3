from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ParcelGiven(Fact, kind="parcel.given"):
    """Somebody said under which number an order is on its way."""

    says = _("{by} gave order {number} the parcel {tracking}")
    plain = ("number", "tracking")

    number: str
    tracking: str


@dataclass(frozen=True, kw_only=True)
class ParcelTold(Fact, kind="parcel.told"):
    """Somebody said what became of a parcel, because they heard it elsewhere."""

    says = _("{by} said of the parcel {tracking}: {scan}")
    plain = ("tracking", "scan")

    tracking: str
    scan: str
