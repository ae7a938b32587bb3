"""What happened in a chat beyond what was said there."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class AnswerRead(Fact, kind="chat.read"):
    """A visitor's browser showed them what we answered."""

    says = _("{by} read the answer")

    message: int
    """The newest of our messages that they saw."""


@dataclass(frozen=True, kw_only=True)
class WordsRead(Fact, kind="chat.words_read"):
    """One of us had in view what a visitor wrote, or answered it; their page says so."""

    says = _("{by} read what was written in the chat")

    message: int
    """The newest of theirs that was read."""


@dataclass(frozen=True, kw_only=True)
class KeyMade(Fact, kind="chat.key_made"):
    """A chat has a new key with which the shop signs who its customers are."""

    says = _("{by} made a new key for signed customers")


@dataclass(frozen=True, kw_only=True)
class KeyEnded(Fact, kind="chat.key_ended"):
    """The key before the newest counts no more."""

    says = _("{by} ended the former key for signed customers")


@dataclass(frozen=True, kw_only=True)
class OldSecretUsed(Fact, kind="chat.old_secret_used"):
    """Somebody came with a secret that a visitor's browser has given up: it may have leaked."""

    says = _("Somebody used a key that this visitor’s browser had given up")


@dataclass(frozen=True, kw_only=True)
class NetworkBlocked(Fact, kind="chat.network_blocked"):
    """The chat hears nobody from where somebody wrote, until then."""

    says = _("{by} blocked the network of {whom} until {until}: {reason}")
    personal = ("whom", "reason")

    whom: str
    reason: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class NetworkUnblocked(Fact, kind="chat.network_unblocked"):
    """The chat hears that network again."""

    says = _("{by} unblocked the network of {whom}")
    personal = ("whom",)

    whom: str


@dataclass(frozen=True, kw_only=True)
class WentOn(Fact, kind="chat.went_on"):
    """Answers that nobody read in the chat went on by mail, all in one."""

    says = _("Went on by mail, unread in the chat: {count}")

    message: int
    """The newest of them."""
    count: int


@dataclass(frozen=True, kw_only=True)
class TakenIntoChat(Fact, kind="chat.taken_in"):
    """Who holds the private link goes on in a chat."""

    says = _("{by} goes on in the chat")

    visitor: int


@dataclass(frozen=True, kw_only=True)
class InvitationAnswered(Fact, kind="chat.invitation_answered"):
    """A visitor wrote after an invitation: what it said to them is read beside their words."""

    says = _("{by} wrote after the invitation “{words}”")
    plain = ("invitation", "words")

    invitation: str
    words: str
    """The shop's own, as they stood beside the button."""
    showing: int


@dataclass(frozen=True, kw_only=True)
class Rated(Fact, kind="chat.rated"):
    """A visitor said how their chat was."""

    says = _("{by} found the chat {rating}")
    plain = ("rating",)

    rating: str


@dataclass(frozen=True, kw_only=True)
class RatedInWords(Fact, kind="chat.rated_in_words"):
    """A visitor said how their chat was, and why."""

    says = _("{by} found the chat {rating}: {words}")
    plain = ("rating",)
    personal = ("words",)

    rating: str
    words: str
