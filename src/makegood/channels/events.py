from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class InboxConnected(Fact, kind="inbox.connected"):
    """A way in was opened."""

    says = _("{by} connected the inbox {inbox_name}")
    plain = ("inbox_name", "channel")

    inbox_name: str
    channel: str


@dataclass(frozen=True, kw_only=True)
class InboxChanged(Fact, kind="inbox.changed"):
    """An inbox got other settings, teams, or was paused; a password is never told."""

    says = _("{by} changed the inbox {inbox_name}")
    plain = ("inbox_name",)

    inbox_name: str
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class InboxTroubled(Fact, kind="inbox.troubled"):
    """An inbox cannot fetch or send; the words are the server's own."""

    says = _("The inbox {inbox_name} is in trouble: {trouble}")
    plain = ("inbox_name", "trouble")

    inbox_name: str
    trouble: str


@dataclass(frozen=True, kw_only=True)
class InboxRecovered(Fact, kind="inbox.recovered"):
    """An inbox that was in trouble works again."""

    says = _("The inbox {inbox_name} works again")
    plain = ("inbox_name",)

    inbox_name: str


@dataclass(frozen=True, kw_only=True)
class ArrivalTroubled(Fact, kind="arrival.troubled"):
    """Something came in that could not be taken in; it is kept, and can be read again."""

    says = _("Something that came in could not be taken in: {trouble}")
    plain = ("trouble",)

    trouble: str


@dataclass(frozen=True, kw_only=True)
class ArrivalReadAgain(Fact, kind="arrival.read_again"):
    """Somebody asked that something which could not be taken in be tried once more."""

    says = _("{by} had something that came in read again")


@dataclass(frozen=True, kw_only=True)
class DeliverySettled(Fact, kind="delivery.settled"):
    """What became of something that we sent: sent, failed, in doubt, cancelled."""

    says = _("Delivery: {state} {reason}")
    plain = ("state",)
    personal = ("reason",)

    state: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ReceiptCame(Fact, kind="delivery.receipt"):
    """The provider's word on something that we sent earlier."""

    says = _("Receipt: {state} {reason}")
    personal = ("address", "reason")
    plain = ("state", "code", "cause")

    state: str
    address: str = ""
    code: str = ""
    reason: str = ""
    is_permanent: bool = False
    is_proven: bool = True
    """Whether it shows something that only who handled our mail can know."""
    is_of_the_way: bool = True
    """Whether it shows what only the servers on the way can know."""
    cause: str = ""
    is_hard: bool = False
