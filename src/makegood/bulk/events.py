from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class BulkTried(Fact, kind="bulk.tried"):
    """An agent wants to see what an act would do with all that match."""

    says = _("{by} looked what it would do: {verb}")
    plain = ("verb",)

    bulk: int
    verb: str


@dataclass(frozen=True, kw_only=True)
class BulkBegun(Fact, kind="bulk.begun"):
    """An agent lets one act run over many conversations."""

    says = _("{by} began an act on {count} conversations: {verb}")
    plain = ("verb",)

    bulk: int
    verb: str
    count: int


@dataclass(frozen=True, kw_only=True)
class BulkStopped(Fact, kind="bulk.stopped"):
    """An act on many conversations was stopped on its way."""

    says = _("{by} stopped it after {acted}")

    bulk: int
    acted: int


@dataclass(frozen=True, kw_only=True)
class BulkEnded(Fact, kind="bulk.ended"):
    """An act on many conversations came to its end."""

    says = _("Done with {acted}; {refused} refused")

    bulk: int
    acted: int
    same: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class BulkTakenBack(Fact, kind="bulk.taken_back"):
    """An agent lets an act on many conversations be undone."""

    says = _("{by} lets {count} conversations be as they were before")

    bulk: int
    count: int


@dataclass(frozen=True, kw_only=True)
class BulkUndone(Fact, kind="bulk.undone"):
    """An act on many conversations is undone, but for what was changed since."""

    says = _("{restored} are as they were before; {kept} were changed since")

    bulk: int
    restored: int
    kept: int
