from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class AutomaticMailQueued(Fact, kind="automatic.queued"):
    """A machine of ours wrote."""

    says = _("Sent by itself: {rule}")
    plain = ("rule",)

    rule: str


@dataclass(frozen=True, kw_only=True)
class AutomaticMailRefused(Fact, kind="automatic.refused"):
    """A machine of ours would have written, and did not."""

    says = _("Not sent by itself ({rule}): {reason}")
    plain = ("rule", "reason")

    rule: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AutomaticMailStopped(Fact, kind="automatic.stopped"):
    """An inbox wrote too much by machine, or something that must not leave: it is stopped."""

    says = _("The inbox {inbox_name} writes nothing by itself any more: {reason}")
    plain = ("inbox_name", "reason")

    inbox_name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AutomaticMailAllowed(Fact, kind="automatic.allowed"):
    """Somebody looked, and let an inbox write by machine again."""

    says = _("{by} let the inbox {inbox_name} write by itself again")
    plain = ("inbox_name",)

    inbox_name: str
