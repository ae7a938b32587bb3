"""What one act is, and what it is done with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from makegood.acts.filling import Filled, Setting, fill
from makegood.acts.portraits import Portrait
from makegood.conversations.models import Conversation
from makegood.team.models import Agent

Words = str | Promise
Kept = dict[str, str]
"""An act as it is kept: `{"do": "tag", "with": "late"}`."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """What an act is done with: on what, by whom, and what was agreed to beforehand."""

    conversation: Conversation
    by: Agent
    seen: int | None = None
    newest: int | None = None
    """For many at once: the newest message of the desk when it was asked for."""
    client_key: str = ""
    accepted: Sequence[str] = ()
    rule: str = ""
    """The rule that does it, where nobody is there to look: `rule:12`."""
    cause: str = ""
    """What the rule does it because of: for each cause once."""

    def filled(self, text: str) -> Filled:
        language = self.conversation.customer.language or self.conversation.inbox.language
        setting = Setting(conversation=self.conversation, agent=self.by, language=language)
        return fill(text, setting)


def _nothing(_words: str) -> str:
    return ""


def _as_kept(words: str) -> str:
    return words


def _never(_words: str, _now: Portrait, _by: Agent) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing that can be done to a conversation. The words that it takes are one string."""

    name: str
    label: Words
    icon: str
    key: str = ""
    """The key that it has in a conversation, and in a list while rows are chosen."""
    takes: str = ""
    """`text`, `tags`, `rest`, … for whoever asks for it; empty: it takes nothing."""
    read: Callable[[str], str] = _nothing
    """What was typed, as it is kept. Raises `Refused` where it cannot be."""
    write: Callable[[str], str] = _as_kept
    """What it takes, in words that mean the same on another desk."""
    tell: Callable[[str], str] = _as_kept
    """What it takes, for people to read."""
    text: Callable[[str], str] | None = None
    """What of it is said to somebody, with fields to fill in; None where nothing is."""
    choices: Callable[[], Sequence[tuple[str, Words]]] | None = None
    """What it may take, with its name, where that is a list."""
    say: Callable[[str, Run], str]
    """What it will do here, in words; empty where it is so already."""
    do: Callable[[str, Run], None]
    back: Callable[[str, Run, Portrait], None] | None = None
    """Undoes it, from what it was before; called only where it still stands as the act left it."""
    touches: tuple[str, ...] = ()
    """The parts of a portrait that it changes."""
    own_part: Callable[[str, Portrait], Portrait] | None = None
    """Of what it touches, only what is its own: others may change the rest."""
    is_so: Callable[[str, Portrait, Agent], bool] = _never
    """Whether it is so already."""
    why_not: Callable[[str, Portrait, Agent], str] | None = None
    """Why it would be refused, in words; asked once for all that `hangs_on` is the same of."""
    hangs_on: tuple[str, ...] = ()
    """The parts of a portrait that this answer hangs on."""
    is_for_macros: bool = True
    is_for_rules: bool = True
    by_rule: Callable[[str, Run], str] | None = None
    """How a rule does it, where that differs: why it was not done, or nothing."""

    def is_for_many(self) -> bool:
        """Only what can be undone is done to many at once."""
        return self.back is not None

    def touched(self, words: str, portrait: Portrait) -> Portrait:
        """The part of a portrait that it can change."""
        part = {name: portrait[name] for name in self.touches}
        return self.own_part(words, part) if self.own_part else part
