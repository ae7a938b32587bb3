"""What banks and PayPal ask for, by the reason: which piece, and why it counts.

Made from what Visa, Mastercard, Stripe and PayPal publish for merchants: a reason that they know
by other names is the same question to us.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from makegood.disputes.models import Reason


class Kind(models.TextChoices):
    """What a piece of evidence shows."""

    ORDER = "order", _("What was ordered")
    PAYMENT = "payment", _("How it was paid")
    CUSTOMER = "customer", _("Who ordered, and where it went")
    DELIVERY = "delivery", _("Parcels and their scans")
    MESSAGES = "messages", _("What was said with the customer")
    REFUNDS = "refunds", _("What was given back")
    MAKE_GOODS = "make_goods", _("What else was given")
    EARLIER = "earlier", _("Earlier orders that nobody disputed")
    TERMS = "terms", _("Terms and returns")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One line of the checklist."""

    kind: Kind
    why: str | Lazy
    is_needed: bool = False
    """Whether there is little hope without it."""


def _asked(kind: Kind, why: Lazy, *, needed: bool = False) -> Asked:
    return Asked(kind=kind, why=why, is_needed=needed)


_SAID = _("Shows what they knew and agreed to, in their own words.")
_ADDRESS = _("Shows that it went to the address that the buyer gave, under the same name.")
CHECKLIST: Mapping[str, Sequence[Asked]] = {
    Reason.NOT_RECEIVED: (
        _asked(Kind.DELIVERY, _("The carrier’s proof that it was handed over: day, place, tracking "
                                "number. Without it this is hardly ever won."), needed=True),
        _asked(Kind.CUSTOMER, _ADDRESS, needed=True),
        _asked(Kind.ORDER, _("Shows what the parcel held.")),
        _asked(Kind.MESSAGES, _("Shows whether they spoke of a parcel that came.")),
        _asked(Kind.REFUNDS, _("What was given back already cannot be asked for again.")),
    ),
    Reason.NOT_AS_DESCRIBED: (
        _asked(Kind.ORDER, _("The article as it was described when it was bought."), needed=True),
        _asked(Kind.MESSAGES, _("Shows whether they complained, and what was offered to them."),
               needed=True),
        _asked(Kind.TERMS, _("Shows how something can be sent back, and that they did not.")),
        _asked(Kind.DELIVERY, _("Shows that it arrived, and whether it came back.")),
        _asked(Kind.MAKE_GOODS, _("Shows what was given to make up for it.")),
        _asked(Kind.REFUNDS, _("What was given back already cannot be asked for again.")),
    ),
    Reason.UNAUTHORISED: (
        _asked(Kind.CUSTOMER, _ADDRESS, needed=True),
        _asked(Kind.EARLIER, _("Two undisputed orders from the same person, four months old or "
                               "older, turn many of these around."), needed=True),
        _asked(Kind.DELIVERY, _("Shows that it was delivered to them.")),
        _asked(Kind.MESSAGES, _("Who writes about their order has placed it.")),
        _asked(Kind.PAYMENT, _("Shows when and how it was paid.")),
    ),
    Reason.UNRECOGNISED: (
        _asked(Kind.ORDER, _("Often enough: they see what it was and remember."), needed=True),
        _asked(Kind.CUSTOMER, _ADDRESS),
        _asked(Kind.PAYMENT, _("Shows when and how it was paid.")),
        _asked(Kind.DELIVERY, _("Shows that it was delivered to them.")),
        _asked(Kind.EARLIER, _("Shows that they have bought here before.")),
    ),
    Reason.NO_CREDIT: (
        _asked(Kind.REFUNDS, _("The refund with its reference, by which their bank finds it; or "
                               "why there was none."), needed=True),
        _asked(Kind.TERMS, _("Shows when a refund is due, as they could read before they bought.")),
        _asked(Kind.MESSAGES, _SAID),
        _asked(Kind.DELIVERY, _("Shows whether anything came back.")),
    ),
    Reason.DUPLICATE: (
        _asked(Kind.PAYMENT, _("Shows that each payment was for an order of its own."),
               needed=True),
        _asked(Kind.ORDER, _("Shows what each of them was for."), needed=True),
        _asked(Kind.EARLIER, _("Their other orders, each with its own payment.")),
        _asked(Kind.REFUNDS, _("What was given back already cannot be asked for again.")),
    ),
    Reason.CANCELLED: (
        _asked(Kind.TERMS, _("Shows until when one can cancel, as they could read before."),
               needed=True),
        _asked(Kind.MESSAGES, _("Shows whether and when they cancelled."), needed=True),
        _asked(Kind.DELIVERY, _("Shows that it was on its way already, or arrived.")),
        _asked(Kind.REFUNDS, _("What was given back already cannot be asked for again.")),
    ),
    Reason.OTHER: (
        _asked(Kind.ORDER, _("Shows what was bought.")),
        _asked(Kind.PAYMENT, _("Shows when and how it was paid.")),
        _asked(Kind.CUSTOMER, _ADDRESS),
        _asked(Kind.DELIVERY, _("Shows that it was delivered.")),
        _asked(Kind.MESSAGES, _SAID),
    ),
}  # fmt: skip


def asked_for(reason: str) -> Sequence[Asked]:
    return CHECKLIST[reason]
