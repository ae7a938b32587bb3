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
