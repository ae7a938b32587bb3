from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CustomerSeen(Fact, kind="customer.seen"):
    """Somebody wrote to us for the first time."""

    says = _("{name} came to us for the first time, as {address}")
    personal = ("name", "address")

    name: str
    address: str


@dataclass(frozen=True, kw_only=True)
class HandleVerified(Fact, kind="customer.handle_verified"):
    """A customer proved that an address is theirs."""

    says = _("{address} was verified")
    personal = ("address",)

    address: str


@dataclass(frozen=True, kw_only=True)
class HandleBounced(Fact, kind="customer.handle_bounced"):
    """An address does not take mail any more; why, in our words."""

    says = _("{address} does not take mail: {reason}")
    personal = ("address",)
    plain = ("reason",)

    address: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class HandleWorks(Fact, kind="customer.handle_works"):
    """An address that refused mail is written to again."""

    says = _("{address} takes mail again")
    personal = ("address",)

    address: str


@dataclass(frozen=True, kw_only=True)
class HandleComplained(Fact, kind="customer.handle_complained"):
    """The owner of an address called our mail spam."""

    says = _("{address} called our mail spam: nothing automatic goes there any more")
    personal = ("address",)

    address: str
