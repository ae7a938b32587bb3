from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class SenderCalledSpam(Fact, kind="spam.sender_marked"):
    """What comes from an address goes to spam from now on."""

    says = _("What comes from {address} goes to spam from now on")
    personal = ("address",)

    address: str


@dataclass(frozen=True, kw_only=True)
class SenderCleared(Fact, kind="spam.sender_cleared"):
    """What comes from an address is heard again."""

    says = _("What comes from {address} is heard again")
    personal = ("address",)

    address: str
