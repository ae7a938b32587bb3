"""How conversations stood at a moment, told again from the ledger: turn, state, holder, tags.

What an event changed is read from the event. What no event tells (words, customer, inbox, own
fields) is as it is today.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models.functions import Coalesce

from makegood.conversations.models import Conversation, Tag
from makegood.kit.records import ref_id
from makegood.ledger.models import Event, EventSubject

PRIORITIES = {one.name.lower(): one.value for one in Conversation.Priority}
AT_ONCE = 500
QUIET = ("auto-reply", "bounce", "receipt")
KINDS = (
    "conversation.opened", "message.received", "conversation.replied", "conversation.assigned",
    "conversation.unassigned", "conversation.tagged", "conversation.priority_changed",
    "conversation.resolved", "conversation.reopened", "conversation.snoozed", "conversation.woke",
    "conversation.spam_marked", "conversation.spam_unmarked",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Then:
    """A conversation as it stood at a moment."""

    conversation: int
    at: datetime
    event: int
    kind: str
    inbox: int
    customer: int
    opened_at: datetime
    is_by_machine: bool = False
    status: str = "open"
    turn: str = "ours"
    turn_since: datetime
    assignee: int | None = None
    team: int | None = None
    priority: int = 3
    tags: frozenset[str] = frozenset()
    resolved_at: datetime | None = None
    snoozed_until: str = ""
    last_at: datetime
    messages: int = 0
    answers: tuple[datetime, ...] = ()

    def since(self, state: str) -> datetime | None:
        """Since when it has been in a state that rules wait for."""
        if state == "resolved":
            return self.resolved_at
        if state == "open":
            return self.opened_at if self.status in ("open", "snoozed") else None
        side = "ours" if state == "waiting" else "theirs"
        return self.turn_since if (self.status, self.turn) == ("open", side) else None

    def portrait(self) -> dict[str, Any]:
        """The same, as acts look at it."""
        return {
            "assignee": self.assignee, "team": self.team, "priority": self.priority,
            "status": self.status, "snoozed_until": self.snoozed_until or None,
            "wakes_with": None, "resolved_at": self.resolved_at and self.resolved_at.isoformat(),
            "joined_into": None, "inbox": self.inbox, "customer": self.customer,
            "last_message": 0, "tags": sorted(self.tags), "links": [], "seen": 0, "promised": [],
        }  # fmt: skip


@dataclass
class Folding:
    """One conversation's story, event after event."""

    row: Mapping[str, Any]
    begun_by: str = ""
    now: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        opened = self.row["opened_at"]
        self.now = {
            "conversation": self.row["pk"], "inbox": self.row["inbox"],
            "customer": self.row["customer"], "opened_at": opened, "turn_since": opened,
            "last_at": opened,
        }  # fmt: skip

    def fold(self, pk: int, kind: str, facts: Mapping[str, Any], at: datetime) -> Then:
        change = _CHANGES.get(kind)
        if change is not None:
            self.now |= change(self.now, facts, at)
        is_by_machine = self._is_by_machine(kind, facts)
        return Then(**self.now, at=at, event=pk, kind=kind, is_by_machine=is_by_machine)

    def _is_by_machine(self, kind: str, facts: Mapping[str, Any]) -> bool:
        if kind == "message.received":
            return bool(facts.get("automatic"))
        return kind == "conversation.opened" and bool(self.begun_by)


Now = Mapping[str, Any]


def _received(now: Now, facts: Now, at: datetime) -> dict[str, Any]:
    counted = {"messages": now.get("messages", 0) + 1, "last_at": at}
    if facts.get("automatic") in QUIET or now.get("status") == "spam":
        return counted
    since = now["turn_since"] if _waits(now) and now.get("messages") else at
    return {**counted, **_OPEN, "turn": "ours", "turn_since": since}


def _waits(now: Now) -> bool:
    return (now.get("turn", "ours"), now.get("status", "open")) == ("ours", "open")


def _replied(now: Now, _facts: Now, at: datetime) -> dict[str, Any]:
    return {
        **_OPEN, "turn": "theirs", "turn_since": at, "last_at": at,
        "messages": now.get("messages", 0) + 1, "answers": (*now.get("answers", ()), at),
    }  # fmt: skip


def _tagged(now: Now, facts: Now, _at: datetime) -> dict[str, Any]:
    """`+late −new vip`: a word with a blank in it goes on until the next sign."""
    on, off, into = set[str](), set[str](), set[str]()
    words: list[str] = []
    for word in [*str(facts.get("words", "")).split(" "), "+"]:
        if word[:1] in ("+", "−"):
            into |= {" ".join(words)} - {""}
            into, words = (on if word[0] == "+" else off), [word[1:]]
        else:
            words.append(word)
    return {"tags": frozenset((set(now.get("tags", ())) | on) - off)}


_OPEN = {"status": "open", "resolved_at": None, "snoozed_until": ""}
_CHANGES: Mapping[str, Any] = {
    "message.received": _received,
    "conversation.replied": _replied,
    "conversation.assigned": lambda _now, facts, _at: {
        "assignee": facts.get("agent"), "team": facts.get("team"),
    },
    "conversation.unassigned": lambda _now, _facts, _at: {"assignee": None, "team": None},
    "conversation.tagged": _tagged,
    "conversation.priority_changed": lambda _now, facts, _at: {
        "priority": PRIORITIES.get(facts.get("after", ""), 3)
    },
    "conversation.resolved": lambda _now, _facts, at: {
        "status": "resolved", "resolved_at": at, "snoozed_until": "",
    },
    "conversation.reopened": lambda _now, _facts, _at: _OPEN,
    "conversation.woke": lambda _now, _facts, _at: _OPEN,
    "conversation.snoozed": lambda _now, facts, _at: {
        "status": "snoozed", "resolved_at": None, "snoozed_until": facts.get("until", ""),
    },
    "conversation.spam_marked": lambda _now, _facts, _at: {**_OPEN, "status": "spam"},
    "conversation.spam_unmarked": lambda _now, _facts, _at: _OPEN,
}  # fmt: skip


def stories(pks: Collection[int], until: int, also: str = "") -> Iterator[Sequence[Then]]:
    """Each of these conversations from its beginning up to an event."""
    rows = _rows(pks)
    told: dict[int, list[Any]] = {}
    named = EventSubject.objects.filter(ref__in=[f"conversation:{pk}" for pk in rows])
    about = dict(named.order_by().values_list("event_id", "ref"))
    kinds = {*KINDS, also}
    for pk, kind, facts, at in _events([number for number in about if number <= until]):
        if kind in kinds:
            told.setdefault(ref_id(about[pk]), []).append((pk, kind, facts, at))
    for pk, events in told.items():
        story = Folding(rows[pk], _begun_by(events))
        yield [story.fold(*event) for event in events]


def _events(numbers: Sequence[int]) -> Iterator[Any]:
    """These events in their order, some hundred at a time: by number alone, which no planner
    turns round.
    """
    ordered = sorted(numbers)
    for start in range(0, len(ordered), AT_ONCE):
        some = Event.objects.filter(pk__in=ordered[start : start + AT_ONCE]).order_by("pk")
        yield from some.values_list("pk", "kind", "facts", "at")


def _rows(pks: Collection[int]) -> dict[int, Mapping[str, Any]]:
    """What of them no event changes."""
    known = Conversation.objects.filter(pk__in=pks, joined_into=None)
    return {row["pk"]: row for row in known.values("pk", "inbox", "customer", "opened_at")}


def _begun_by(events: Sequence[Any]) -> str:
    """What kind of machine wrote first, if one did."""
    received = [facts for _pk, kind, facts, _at in events if kind == "message.received"]
    return str(received[0].get("automatic", "")) if received else ""


def tag_numbers() -> dict[str, int]:
    """Every tag by any of its names."""
    return dict(Tag.objects.values_list("name", Coalesce("stands_for_id", "pk")))
