from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CopyAsked(Fact, kind="customer.copy_asked"):
    """Somebody asked for everything that we hold of one person."""

    says = _("{by} asked for a copy of everything about this person")

    copy: int


@dataclass(frozen=True, kw_only=True)
class CopyMade(Fact, kind="customer.copy_made"):
    """The copy of one person's data lies ready for a day."""

    says = _("The copy about this person is ready")

    copy: int
    size: int


@dataclass(frozen=True, kw_only=True)
class CopyFetched(Fact, kind="customer.copy_fetched"):
    """The copy of one person's data was fetched."""

    says = _("{by} fetched the copy about this person")

    copy: int


@dataclass(frozen=True, kw_only=True)
class SegmentSaved(Fact, kind="segment.saved"):
    """Customers of one sort were given a name, or another condition."""

    says = _("{by} saved the segment “{name}”")
    plain = ("name",)
    personal = ("before", "after")

    segment: int
    name: str
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class SegmentRemoved(Fact, kind="segment.removed"):
    """A segment was taken away; the customers stay."""

    says = _("{by} removed the segment “{name}”")
    plain = ("name",)

    segment: int
    name: str
