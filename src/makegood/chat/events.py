"""What happened in a chat beyond what was said there."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class AnswerRead(Fact, kind="chat.read"):
    """A visitor's browser showed them what we answered."""

    says = _("{by} read the answer")

    message: int
    """The newest of our messages that they saw."""
