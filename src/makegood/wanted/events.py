from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class WantedCameBack(Fact, kind="wanted.came_back"):
    """Something that a customer waits for is there again: they are to be told."""

    says = _("{product} is there again, and they wait for our word")
    plain = ("product",)

    product: str
    promise: int


@dataclass(frozen=True, kw_only=True)
class WantedTakenOut(Fact, kind="wanted.taken_out"):
    """The shop does not sell it any more: nobody need wait, and the customer is to hear it."""

    says = _("{product} is not sold any more, and they wait for it")
    plain = ("product",)

    product: str
    promise: int


@dataclass(frozen=True, kw_only=True)
class WantedRanOut(Fact, kind="wanted.ran_out"):
    """It ran out once more before the customer was told."""

    says = _("{product} ran out again before they were told")
    plain = ("product",)

    product: str
    promise: int
