from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class DisputeOpened(Fact, kind="dispute.opened"):
    """A customer asks for their money over the bank or PayPal."""

    says = _("A dispute over {amount} was opened with {provider}: {reason}")
    plain = ("provider", "external_id", "amount", "reason", "due")

    provider: str
    external_id: str
    amount: str
    reason: str
    """`not_received`."""
    due: str


@dataclass(frozen=True, kw_only=True)
class DisputeChanged(Fact, kind="dispute.changed"):
    """The provider tells something else of a dispute than before; of what, in our words."""

    says = _("The dispute {external_id} changed: {what}")
    plain = ("external_id", "what")

    external_id: str
    what: list[str]


@dataclass(frozen=True, kw_only=True)
class DisputeEnded(Fact, kind="dispute.ended"):
    """A dispute is over: won, lost, accepted, or withdrawn by the customer."""

    says = _("The dispute over {amount} is over: {outcome}")
    plain = ("external_id", "amount", "outcome", "fee")

    external_id: str
    amount: str
    outcome: str
    fee: str


@dataclass(frozen=True, kw_only=True)
class DisputeReopened(Fact, kind="dispute.reopened"):
    """What was over is not: the provider hears both sides again."""

    says = _("The dispute over {amount} goes on")
    plain = ("external_id", "amount")

    external_id: str
    amount: str


@dataclass(frozen=True, kw_only=True)
class DisputeMatched(Fact, kind="dispute.matched"):
    """It is known of which order a dispute is."""

    says = _("The dispute {external_id} is of order {number}")
    plain = ("external_id", "number")

    external_id: str
    number: str


@dataclass(frozen=True, kw_only=True)
class EvidenceChosen(Fact, kind="dispute.chosen"):
    """Somebody said what goes to the provider, and what does not."""

    says = _("{by} went over the evidence: {within} pieces go")
    personal = ("statement",)

    within: int
    statement: str


@dataclass(frozen=True, kw_only=True)
class EvidenceSending(Fact, kind="dispute.sending"):
    """Somebody confirmed that the evidence goes, by the provider's interface or by hand."""

    says = _("{by} let the evidence go: {how}")
    plain = ("how", "digest", "pieces")

    how: str
    """`api` or `hand`."""
    digest: str
    pieces: list[str]


@dataclass(frozen=True, kw_only=True)
class EvidenceSent(Fact, kind="dispute.sent"):
    """The provider has the evidence."""

    says = _("The evidence is with {provider}")
    plain = ("provider", "digest")

    provider: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class EvidenceRefused(Fact, kind="dispute.refused"):
    """The provider did not take the evidence, and says why."""

    says = _("{provider} did not take the evidence: {words}")
    plain = ("provider", "words")

    provider: str
    words: str


@dataclass(frozen=True, kw_only=True)
class EvidenceInDoubt(Fact, kind="dispute.in_doubt"):
    """Whether the evidence arrived cannot be known yet; it is looked up before anything else."""

    says = _("Whether {provider} has the evidence is not known yet")
    plain = ("provider",)

    provider: str


@dataclass(frozen=True, kw_only=True)
class LetGo(Fact, kind="dispute.let_go"):
    """Somebody decided not to answer a dispute."""

    says = _("{by} decided not to answer the dispute {external_id}")
    plain = ("external_id",)

    external_id: str


@dataclass(frozen=True, kw_only=True)
class ProviderRefundTold(Fact, kind="refund.told"):
    """A payment provider says that money went back, or did not."""

    says = _("{provider} says of a refund of {amount}: {state}")
    plain = ("provider", "external_id", "amount", "state")

    provider: str
    external_id: str
    amount: str
    state: str
