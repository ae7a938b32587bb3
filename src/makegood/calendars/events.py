from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CalendarSaved(Fact, kind="calendar.saved"):
    """Opening hours were made or changed; what they were before stands beside."""

    says = _("{by} saved the opening hours “{name}”")
    plain = ("name", "before", "after")

    calendar: int
    name: str
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class CalendarDeleted(Fact, kind="calendar.deleted"):
    """Opening hours are no more; who had them has the standard ones."""

    says = _("{by} deleted the opening hours “{name}”")
    plain = ("name", "before")

    calendar: int
    name: str
    before: dict[str, str]
