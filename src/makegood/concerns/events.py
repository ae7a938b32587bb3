from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class OrderAttached(Fact, kind="order.attached"):
    """Somebody said that a conversation is about an order."""

    says = _("{by} attached order {number}")
    plain = ("number",)

    number: str


@dataclass(frozen=True, kw_only=True)
class OrderDetached(Fact, kind="order.detached"):
    """A conversation is not about an order after all."""

    says = _("{by} took order {number} off")
    plain = ("number",)

    number: str


@dataclass(frozen=True, kw_only=True)
class CodeSent(Fact, kind="order.code_sent"):
    """A code went to the address of an order, for whoever writes from another."""

    says = _("{by} sent a code to the address of order {number}")
    plain = ("number",)

    number: str


@dataclass(frozen=True, kw_only=True)
class CodeWrong(Fact, kind="order.code_wrong"):
    """What was said is not the code that went to the order's address."""

    says = _("A wrong code for order {number}; tries left: {left}")
    plain = ("number",)

    number: str
    left: int


@dataclass(frozen=True, kw_only=True)
class OrderProven(Fact, kind="order.proven"):
    """Whoever writes knows what went to the order's address: it is theirs to hear of."""

    says = _("The code for order {number} is right: it is theirs")
    plain = ("number",)

    number: str
