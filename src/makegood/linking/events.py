from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ConversationsLinked(Fact, kind="conversation.linked"):
    """Somebody said that two conversations have to do with each other."""

    says = _("{by} linked #{conversation} and #{other}")

    conversation: int
    other: int


@dataclass(frozen=True, kw_only=True)
class ConversationsUnlinked(Fact, kind="conversation.unlinked"):
    """Two conversations have nothing to do with each other after all."""

    says = _("{by} unlinked #{conversation} and #{other}")

    conversation: int
    other: int
