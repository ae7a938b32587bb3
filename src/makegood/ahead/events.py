from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class SlipFound(Fact, kind="slip.found"):
    """An order will be late or short, and its customer has not asked yet."""

    says = _("Order {number} slips: {cause}")
    plain = ("number", "cause", "part")

    number: str
    cause: str
    part: str


@dataclass(frozen=True, kw_only=True)
class SlipClosed(Fact, kind="slip.closed"):
    """What was wrong with an order went away before anybody told of it."""

    says = _("Order {number} does not slip any more: {cause}")
    plain = ("number", "cause")

    number: str
    cause: str


@dataclass(frozen=True, kw_only=True)
class SlipTold(Fact, kind="slip.told"):
    """A customer was told before they asked."""

    says = _("{by} told of order {number} before its customer asked: {cause}")
    plain = ("number", "cause", "message", "promise")

    number: str
    cause: str
    message: int
    promise: int | None


@dataclass(frozen=True, kw_only=True)
class SlipToldByItself(Fact, kind="slip.told_by_itself"):
    """A customer was told before they asked, and nobody pressed a button for it."""

    says = _("Of order {number} its customer was told by itself, before they asked: {cause}")
    plain = ("number", "cause", "message", "promise", "agent")

    number: str
    cause: str
    message: int
    promise: int | None
    agent: int


@dataclass(frozen=True, kw_only=True)
class LetterPrepared(Fact, kind="slip.prepared"):
    """A letter waits for the coupon that it names."""

    says = _("The letter about order {number} waits for its coupon, {amount}: {cause}")
    plain = ("number", "cause", "makegood", "amount")

    number: str
    cause: str
    makegood: int
    amount: str


@dataclass(frozen=True, kw_only=True)
class LetterStayed(Fact, kind="slip.stayed"):
    """A letter that had waited for its coupon did not leave."""

    says = _("The letter about order {number} did not leave: {why}")
    plain = ("number", "cause", "why")

    number: str
    cause: str
    why: str


@dataclass(frozen=True, kw_only=True)
class SwitchChanged(Fact, kind="slip.switch_changed"):
    """What is done by one cause, or in which words, was changed."""

    says = _("{by} changed how customers are told first: {cause}")
    plain = ("cause", "before", "after")

    cause: str
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class SenderChanged(Fact, kind="slip.sender_changed"):
    """Who letters that leave by themselves are from, or how many a day, was changed."""

    says = _("{by} changed who letters are from that leave by themselves, or how many a day")
    personal = ("before", "after")

    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class SlipTakenBack(Fact, kind="slip.taken_back"):
    """What was wrong with an order went away before the letter about it left."""

    says = _("The letter about order {number} was taken back before it left: {cause}")
    plain = ("number", "cause", "message")

    number: str
    cause: str
    message: int


@dataclass(frozen=True, kw_only=True)
class SlipLeftOut(Fact, kind="slip.left_out"):
    """Somebody decided not to tell of it."""

    says = _("{by} left order {number} out: {cause}")
    plain = ("number", "cause")

    number: str
    cause: str
