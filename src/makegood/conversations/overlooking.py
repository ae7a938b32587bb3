"""Nobody settles or answers over words that they have not seen."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from makegood.conversations.models import Conversation, Message
from makegood.kit.errors import Refused
from makegood.team.models import Agent

MOST_SHOWN = 10
WHILE_WRITING = _("Something newer was said while you wrote. Read it, then send again.")
WHILE_SETTLING = _("Something newer was said than you have seen. Read it, then resolve again.")
WHILE_MANY = _("The customer wrote after this was asked for. Read it first.")


class SomethingNewer(Refused):
    """Something was said that the agent has not seen; `unseen` are those messages."""

    def __init__(
        self, unseen: Sequence[Message] = (), words: str | Promise = WHILE_WRITING
    ) -> None:
        super().__init__(words)
        self.unseen = unseen


def refuse_to_overlook(
    conversation: Conversation, seen: int | None, words: str | Promise, *, by: Agent
) -> None:
    """Whatever a person said since the agent looked, customer or colleague, is read first."""
    if seen is None or conversation.last_message <= seen:
        return
    newer = conversation.messages.filter(pk__gt=seen, automatic="").exclude(agent=by)
    unseen = list(newer.order_by("pk")[:MOST_SHOWN])
    if unseen:
        raise SomethingNewer(unseen, words)


def refuse_for_many(conversation: Conversation, newest: int | None) -> None:
    """Of many, only the customers' own words are looked at: no query for each."""
    if newest is not None and conversation.last_incoming > newest:
        raise SomethingNewer(words=WHILE_MANY)
