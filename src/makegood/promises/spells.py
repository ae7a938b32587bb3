"""What was owed when, read from the ledger alone: the stretches that any policy may put a time to.

The same rules as `keeping`, on events instead of rows: who waited since when, until whom it was
answered or fell away, when a matter was settled, and when the customer was awaited meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from makegood.beside.events import SideAnswered
from makegood.conversations import events as facts
from makegood.promises.models import Promise
from makegood.sending.events import AnswerTakenBack

Kind = Promise.Kind
Facts = Mapping[str, Any]
HEARD = (
    facts.MessageReceived, facts.Replied, facts.Resolved, facts.Reopened, facts.Woke,
    facts.Snoozed, facts.SpamMarked, facts.SpamUnmarked, facts.MessageDelivery,
    facts.ConversationJoined, facts.ConversationParted, facts.ConversationSplit,
    AnswerTakenBack, SideAnswered,
)  # fmt: skip
DID_NOT_ARRIVE = ("failed", "bounced")
SPOKEN = ("", "list")
"""A machine's answer moves nothing."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """One event as it is read here."""

    kind: str
    facts: Facts
    by: str
    at: datetime
    about: Sequence[int]
    """The numbers of the conversations that it names."""


@dataclass
class Spell:
    """Something was owed since a moment; when it ended, and whether it was done then."""

    kind: str
    since: datetime
    rests: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    ended_at: datetime | None = None
    was_done: bool = False
    by: str = ""

    def end(self, at: datetime, *, was_done: bool, by: str = "") -> None:
        self.run(at)
        self.ended_at, self.was_done, self.by = at, was_done, by

    def stand_again(self) -> None:
        self.ended_at, self.was_done, self.by = None, False, ""

    def rest(self, at: datetime) -> None:
        if not self.rests or self.rests[-1][1] is not None:
            self.rests.append((at, None))

    def run(self, at: datetime) -> None:
        if self.rests and self.rests[-1][1] is None:
            begun = self.rests[-1][0]
            self.rests[-1] = (begun, max(at, begun))


@dataclass
class Matter:
    """One conversation as it stood after the events so far, and what was owed in it."""

    opened_at: datetime
    status: str = "open"
    turn: str = "ours"
    turn_since: datetime | None = None
    said: list[tuple[int, bool, datetime]] = field(default_factory=list)
    """Every message that moved it: its number, whether it came in, and when."""
    has_answered: bool = False
    spells: list[Spell] = field(default_factory=list)
    answer: Spell | None = None
    resolution: Spell | None = None

    @property
    def is_there(self) -> bool:
        return self.status in ("open", "snoozed") and any(one[1] for one in self.said)

    def waits_since(self) -> datetime | None:
        return self.turn_since if self.is_there and self.turn == "ours" else None

    def hear(self, number: int, at: datetime) -> None:
        """The customer wrote: our turn, and open where it rested."""
        rested = self.status in ("snoozed", "resolved")
        if self.turn != "ours" or rested or self.turn_since is None:
            self.turn, self.turn_since = "ours", at
        self.status = "open" if rested else self.status
        self.said.append((number, True, at))

    def speak(self, number: int, at: datetime) -> None:
        self.turn, self.turn_since, self.status = "theirs", at, "open"
        self.has_answered = True
        self.said.append((number, False, at))

    def come_back(self, at: datetime) -> None:
        if self.status == "spam":
            return
        if self.turn != "ours":
            self.turn, self.turn_since = "ours", at
        self.status = "open"

    def retell(self) -> None:
        """Whose turn it is, as the messages say that are in it now."""
        if not self.said:
            return
        first = newest = self.said[-1]
        for one in reversed(self.said):
            if one[1] != newest[1]:
                break
            first = one if one[1] else first
        self.turn, self.turn_since = "ours" if first[1] else "theirs", first[2]

    # ── What is owed, after an event: as in `keeping.Matter` ─────────────────

    def reckon(self, event: Told) -> None:
        self._answer(event)
        self._resolution(event)

    def _answer(self, event: Told) -> None:
        since, is_reply = self.waits_since(), event.kind == facts.Replied.kind
        if self.answer and is_reply and (since is None or since >= event.at):
            by = f"message:{event.facts['message']}"
            self.answer.end(max(event.at, self.answer.since), was_done=True, by=by)
            self.answer = None
        if self.answer and since is None:
            self.answer.end(event.at, was_done=False)
            self.answer = None
        elif self.answer and since is not None and event.kind in MOVING:
            self.answer.since = since
        elif self.answer is None and since is not None:
            kind = Kind.NEXT if self.has_answered else Kind.FIRST
            self.answer = self._again(since) or self._begin(kind, since)

    def _again(self, since: datetime) -> Spell | None:
        """An answer that was owed since then, and is again."""
        for one in reversed(self.spells):
            if one.kind != Kind.RESOLUTION and one.since == since and one.ended_at is not None:
                one.stand_again()
                return one
        return None

    def bring_back(self, message: int) -> None:
        """An answer that did not get there kept nothing."""
        for one in reversed(self.spells):
            if one.by == f"message:{message}" and self.answer is None:
                one.stand_again()
                self.answer = one
                return

    def _resolution(self, event: Told) -> None:
        if self.resolution and not self.is_there:
            is_done = event.kind == facts.Resolved.kind
            self.resolution.end(event.at, was_done=is_done)
            self.resolution = None
        elif self.resolution is None and self.is_there:
            self.resolution = self._resolution_again(event)
        if self.resolution and self.turn == "theirs":
            self.resolution.rest(event.at)
        elif self.resolution:
            self.resolution.run(event.at)

    def _resolution_again(self, event: Told) -> Spell:
        before = [one for one in self.spells if one.kind == Kind.RESOLUTION]
        if not before:
            return self._begin(Kind.RESOLUTION, self.opened_at)
        if before[-1].was_done and is_of_the_customer(event):
            return self._begin(Kind.RESOLUTION, event.at)
        before[-1].stand_again()
        return before[-1]

    def _begin(self, kind: Kind, since: datetime) -> Spell:
        self.spells.append(Spell(kind.value, since))
        return self.spells[-1]


MOVING = {
    facts.ConversationJoined.kind, facts.ConversationParted.kind, facts.ConversationSplit.kind,
}  # fmt: skip


def is_of_the_customer(event: Told) -> bool:
    return event.kind == facts.MessageReceived.kind or (
        event.kind == facts.Reopened.kind and event.by.startswith("customer:")
    )
