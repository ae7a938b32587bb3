from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class AnswerTakenBack(Fact, kind="message.taken_back"):
    """An answer was taken back before it left: it was never said."""

    says = _("{by} took an answer back before it left")

    message: int


@dataclass(frozen=True, kw_only=True)
class AnswerScheduled(Fact, kind="answer.scheduled"):
    """An answer was written that leaves at a time, or was given another time."""

    says = _("{by} wrote an answer that leaves {until}")
    plain = ("until",)

    prepared: int
    until: str


@dataclass(frozen=True, kw_only=True)
class AnswerShared(Fact, kind="answer.shared"):
    """A draft was given to the team to go on with."""

    says = _("{by} shared a draft with the team")

    prepared: int


@dataclass(frozen=True, kw_only=True)
class ApprovalAsked(Fact, kind="answer.asked"):
    """An answer was written that leaves when a lead says yes."""

    says = _("{by} asked for approval of an answer")

    prepared: int


@dataclass(frozen=True, kw_only=True)
class AnswerEdited(Fact, kind="answer.edited"):
    """The words of a waiting answer were changed."""

    says = _("{by} changed the waiting answer")

    prepared: int
    revision: int


@dataclass(frozen=True, kw_only=True)
class AnswerApproved(Fact, kind="answer.approved"):
    """A lead said yes to an answer."""

    says = _("{by} approved the answer of {writer}")
    personal = ("writer",)

    prepared: int
    writer: str


@dataclass(frozen=True, kw_only=True)
class AnswerReturned(Fact, kind="answer.returned"):
    """A lead sent an answer back to its writer, with a word."""

    says = _("{by} sent the answer back to {writer}: {note}")
    personal = ("writer", "note")

    prepared: int
    writer: str
    note: str


@dataclass(frozen=True, kw_only=True)
class AnswerWithdrawn(Fact, kind="answer.withdrawn"):
    """A waiting answer was taken back; its words are a draft again."""

    says = _("{by} took the waiting answer back")

    prepared: int


@dataclass(frozen=True, kw_only=True)
class AnswerStopped(Fact, kind="answer.stopped"):
    """A waiting answer was stopped, because something happened that it does not know of."""

    says = _("The waiting answer of {writer} was stopped: {reason}")
    personal = ("writer", "reason")

    prepared: int
    writer: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ApprovalRuleChanged(Fact, kind="approval.changed"):
    """Whose answers wait for approval was set anew."""

    says = _("{by} set whose answers wait for approval: {after}")
    personal = ("before", "after")

    before: str
    after: str
