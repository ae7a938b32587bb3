from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class MakegoodOffered(Fact, kind="makegood.offered"):
    """Something is to be given because we fell short."""

    says = _("{by} wants to make good: {amount}")
    plain = ("failure", "remedy", "amount", "currency", "reason_ref")
    personal = ("words", "why")

    makegood: int
    failure: str
    remedy: str
    amount: str
    currency: str
    face_minor: int
    cost_minor: int
    reason_ref: str = ""
    words: str = ""
    why: str = ""
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class ApprovalWanted(Fact, kind="makegood.asked"):
    """It is more than whoever wants it may give: others were asked."""

    says = _("{by} asked for a yes to {amount}")
    plain = ("amount",)

    makegood: int
    approval: int
    amount: str
    agents: list[int]
    is_again: bool = False


@dataclass(frozen=True, kw_only=True)
class MakegoodApproved(Fact, kind="makegood.approved"):
    """It may be given."""

    says = _("{by} approved {amount}")
    plain = ("amount",)
    personal = ("words",)

    makegood: int
    amount: str
    words: str = ""
    is_own: bool = False


@dataclass(frozen=True, kw_only=True)
class MakegoodDeclined(Fact, kind="makegood.declined"):
    """It is not given: nobody said yes, or the customer did not want it."""

    says = _("{by} declined {amount}")
    plain = ("amount",)
    personal = ("words",)

    makegood: int
    amount: str
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class MakegoodGiven(Fact, kind="makegood.given"):
    """It was given."""

    says = _("{by} gave {amount}")
    plain = ("remedy", "amount", "currency")

    makegood: int
    remedy: str
    amount: str
    currency: str
    face_minor: int
    cost_minor: int


@dataclass(frozen=True, kw_only=True)
class MakegoodRedeemed(Fact, kind="makegood.redeemed"):
    """The customer used it."""

    says = _("What was given was used: {amount}")
    plain = ("amount", "used_with")

    makegood: int
    amount: str
    used_with: str = ""


@dataclass(frozen=True, kw_only=True)
class MakegoodExpired(Fact, kind="makegood.expired"):
    """It was not used in time."""

    says = _("{amount} was not used in time")
    plain = ("amount",)

    makegood: int
    amount: str


@dataclass(frozen=True, kw_only=True)
class MakegoodTakenBack(Fact, kind="makegood.taken_back"):
    """What had been given was taken back."""

    says = _("{by} took {amount} back")
    plain = ("amount",)
    personal = ("words",)

    makegood: int
    amount: str
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class MakegoodTied(Fact, kind="makegood.tied"):
    """A conversation told of what was given for its order."""

    says = _("What was given for the order, {amount}, belongs here")
    plain = ("amount",)

    makegood: int
    amount: str


@dataclass(frozen=True, kw_only=True)
class FailureNamed(Fact, kind="failure.named"):
    """A way of falling short has a name of the shop's own."""

    says = _("{by} named a failure: {name}")
    plain = ("name",)

    name: str


@dataclass(frozen=True, kw_only=True)
class FailureEnded(Fact, kind="failure.ended"):
    """A way of falling short is chosen no more."""

    says = _("{by} ended the failure {name}")
    plain = ("name",)

    name: str


@dataclass(frozen=True, kw_only=True)
class RemediesPublished(Fact, kind="remedies.published"):
    """What is given for what was published as a new version."""

    says = _("{by} published what is given for what, in {currency}")
    plain = ("currency", "before", "after")

    currency: str
    version: int
    before: dict[str, str]
    after: dict[str, str]
