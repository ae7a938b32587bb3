"""What sets rules off: facts by their kind, and states that last for a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from makegood.asking.moments import length_in_words
from makegood.conversations.models import Conversation
from makegood.ledger.facts import KINDS

Status, Turn = Conversation.Status, Conversation.Turn
_FACTS: Mapping[str, Promise] = {
    "conversation.opened": _("a conversation begins"),
    "message.received": _("the customer writes"),
    "conversation.replied": _("one of us answers"),
    "note.added": _("somebody leaves a note"),
    "conversation.assigned": _("it is given to somebody"),
    "conversation.unassigned": _("it is given back to everybody"),
    "conversation.tagged": _("its tags change"),
    "conversation.priority_changed": _("its priority changes"),
    "conversation.resolved": _("it is resolved"),
    "conversation.reopened": _("it is opened again"),
    "conversation.snoozed": _("it is snoozed"),
    "conversation.woke": _("it wakes up"),
    "conversation.spam_marked": _("it is marked as spam"),
    "promise.warned": _("a promise is at risk"),
    "promise.broken": _("a promise is broken"),
    "promise.kept": _("a promise is kept"),
}


def facts() -> Mapping[str, Promise]:
    """What may happen that rules hear of, as far as this desk knows it."""
    return {kind: words for kind, words in _FACTS.items() if kind in KINDS}


@dataclass(frozen=True, kw_only=True)
class Lasting:
    """A state that a conversation is in, and since when: nothing where it is not."""

    words: Promise
    since: Callable[[Conversation], datetime | None]


def _waiting(one: Conversation) -> datetime | None:
    return one.turn_since if one.is_waiting() else None


def _answered(one: Conversation) -> datetime | None:
    is_theirs = one.status == Status.OPEN and one.turn == Turn.THEIRS
    return one.turn_since if is_theirs else None


def _resolved(one: Conversation) -> datetime | None:
    return one.resolved_at


def _open(one: Conversation) -> datetime | None:
    return one.opened_at if one.status in (Status.OPEN, Status.SNOOZED) else None


STATES: Mapping[str, Lasting] = {
    "waiting": Lasting(words=_("it has waited for us for"), since=_waiting),
    "answered": Lasting(words=_("the customer has not answered for"), since=_answered),
    "resolved": Lasting(words=_("it has been resolved for"), since=_resolved),
    "open": Lasting(words=_("it began, and is not resolved, since"), since=_open),
}


def trigger_in_words(trigger: str, seconds: int = 0) -> str:
    """What sets a rule off; of a state also for how long."""
    state = STATES.get(trigger.removeprefix("since:"))
    if state is None:
        return str(_FACTS.get(trigger, trigger))
    return f"{state.words} {length_in_words(seconds)}" if seconds else str(state.words)
