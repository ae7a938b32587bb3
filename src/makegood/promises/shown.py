"""How a promise is shown: its state in a word and a colour, its time in words and as a ring."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise as Words
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.conversations.models import Conversation
from makegood.promises.explaining import in_words
from makegood.promises.models import Promise
from makegood.promises.queries import promises_of

ICONS = {
    "broken": "circle-alert", "at-risk": "triangle-alert", "kept": "circle-check",
    "kept-late": "circle-check", "rests": "moon", "withdrawn": "x", "open": "clock",
}  # fmt: skip
NAMES: dict[str, str | Words] = {
    "broken": gettext_lazy("broken"),
    "at-risk": gettext_lazy("at risk"),
    "kept": gettext_lazy("kept"),
    "kept-late": gettext_lazy("kept late"),
    "rests": gettext_lazy("rests"),
    "withdrawn": gettext_lazy("withdrawn"),
    "open": gettext_lazy("in time"),
}
COLOURS = {"broken": "broken", "at-risk": "at-risk", "kept": "kept", "kept-late": "at-risk"}
LONG = timedelta(hours=48)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One promise as a row says it."""

    promise: Promise
    state: str
    left: int
    """How much of its time is left, in percent."""
    apart: str
    """How far it is from being due, either way, in words."""
    is_late: bool

    @property
    def name(self) -> str:
        return str(NAMES[self.state])

    @property
    def icon(self) -> str:
        return ICONS[self.state]

    @property
    def colour(self) -> str:
        return COLOURS.get(self.state, "")

    @property
    def is_settled(self) -> bool:
        return self.promise.settled_at is not None

    @property
    def is_broken(self) -> bool:
        """Whether its time passed and it waits to be done still."""
        return self.state == "broken" and not self.is_settled

    @property
    def asks_why(self) -> bool:
        """Whether it broke, and nobody said yet why."""
        return self.promise.asks_since is not None

    @property
    def why(self) -> str:
        """Why it broke, as somebody said it."""
        one = self.promise
        said = [str(one.cause)] if one.cause else []
        return ", ".join([*said, f"“{one.cause_words}”"] if one.cause_words else said)

    @property
    def owner(self) -> str:
        """On whose day it rides: its owner's, or that of whoever has the conversation."""
        one = self.promise
        agent = one.owner or (one.conversation.assignee if one.conversation else None)
        return agent.name if agent else ""

    @property
    def what(self) -> str:
        one = self.promise
        return f"“{one.words}”" if one.words else one.get_kind_display()


def shown(promise: Promise, now: datetime) -> Shown:
    whole = max(promise.due_at - promise.since, timedelta(seconds=1))
    left = max(timedelta(), min(promise.due_at - now, whole))
    return Shown(
        promise=promise,
        state=state_of(promise, now),
        left=round(100 * (left / whole)),
        apart=apart(promise.due_at, now),
        is_late=promise.due_at < now,
    )


def all_shown(promises: Iterable[Promise], now: datetime) -> Sequence[Shown]:
    return [shown(one, now) for one in promises]


def shown_in(conversation: Conversation, now: datetime) -> Sequence[Shown]:
    """What is to be kept in one conversation; not asked for where its page knows of nothing."""
    if not getattr(conversation, "is_promised", True):
        return ()
    promises = promises_of(conversation)
    for one in promises:
        one.conversation = conversation  # whose assignee is known
    return all_shown(promises, now)


def state_of(promise: Promise, now: datetime) -> str:
    """Its state as it is now: what is due has passed, whether the clock looked yet or not."""
    if promise.settled_at is not None:
        return promise.state.replace("_", "-")
    if promise.state == Promise.State.BROKEN:
        return "broken"
    if promise.rests_since is not None:
        return "rests"
    if promise.due_at < now:
        return "broken"
    return "at-risk" if promise.is_at_risk or promise.warn_at < now else "open"


def apart(at: datetime, now: datetime) -> str:
    """How far a moment is from now: `2 h 5 min`, `3 days`."""
    length = abs(at - now)
    if length < timedelta(minutes=1):
        return _("a moment")
    if length < LONG:
        return in_words(length)
    return _("%(n)sd") % {"n": length // timedelta(days=1)}
