from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class SideBegun(Fact, kind="side.begun"):
    """An agent asked somebody else about a conversation, beside it."""

    says = _("{by} asked {who}: “{subject}”")
    personal = ("who", "subject")

    thread: int
    side_message: int
    who: str
    subject: str


@dataclass(frozen=True, kw_only=True)
class Forwarded(Fact, kind="side.forwarded"):
    """An agent passed on what was said: which messages, and to whom."""

    says = _("{by} forwarded this to {who}: “{subject}”")
    personal = ("who", "subject")

    thread: int
    side_message: int
    message_shown: int
    who: str
    subject: str


@dataclass(frozen=True, kw_only=True)
class SideWrote(Fact, kind="side.wrote"):
    """An agent wrote once more in a side thread."""

    says = _("{by} wrote to {who} again")
    personal = ("who",)

    thread: int
    side_message: int
    who: str


@dataclass(frozen=True, kw_only=True)
class SideAnswered(Fact, kind="side.answered"):
    """Somebody answered beside a conversation. The customer was told nothing of it."""

    says = _("{who} answered: “{subject}”")
    plain = ("automatic", "trust")
    personal = ("who", "subject", "reason")

    thread: int
    side_message: int
    who: str
    subject: str
    reason: str
    automatic: str = ""
    trust: str = ""


@dataclass(frozen=True, kw_only=True)
class SideDone(Fact, kind="side.done"):
    """Nothing more is awaited in a side thread."""

    says = _("{by} closed what was asked of {who}")
    personal = ("who",)

    thread: int
    who: str


@dataclass(frozen=True, kw_only=True)
class SideReopened(Fact, kind="side.reopened"):
    """Something is awaited in a side thread after all."""

    says = _("{by} opened again what was asked of {who}")
    personal = ("who",)

    thread: int
    who: str


@dataclass(frozen=True, kw_only=True)
class SideUndelivered(Fact, kind="side.undelivered"):
    """What was written beside a conversation did not get there."""

    says = _("What was written to {who} did not arrive: {reason}")
    plain = ("state",)
    personal = ("who", "reason")

    thread: int
    side_message: int
    state: str
    who: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SideSentAnyway(Fact, kind="side.sent_anyway"):
    """An agent was asked about something in what goes to somebody else, and sent it as it was."""

    says = _("{by} sent this beside as it was, asked: {questions}")
    personal = ("questions",)

    thread: int
    side_message: int
    questions: str
