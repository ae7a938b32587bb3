"""How conversations stood at a moment, told again from the ledger: turn, state, holder, tags.

What an event changed is read from the event. What no event tells (words, customer, inbox, own
fields) is as it is today. Thousands are told at once, so nothing here asks for one alone, and a
copy is made only of the moments that somebody asks about.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models.functions import Coalesce

from makegood.conversations.listing import ask
from makegood.conversations.models import Conversation, Tag
from makegood.kit.moments import in_utc
from makegood.kit.records import ref_id

PRIORITIES = {one.name.lower(): one.value for one in Conversation.Priority}
QUIET = ("auto-reply", "bounce", "receipt")
BEGAN, CAME = "conversation.opened", "message.received"


class Told(NamedTuple):
    """One event as a story needs it."""

    event: int
    kind: str
    facts: Mapping[str, Any]
    at: datetime


class Then:
    """A conversation as it stood at a moment."""

    conversation: int
    inbox: int
    customer: int
    opened_at: datetime
    status: str
    turn: str
    turn_since: datetime
    assignee: int | None
    team: int | None
    priority: int
    tags: frozenset[str]
    resolved_at: datetime | None
    snoozed_until: str
    last_at: datetime
    messages: int
    answers: tuple[datetime, ...]

    def __init__(self, now: Mapping[str, Any], at: datetime, *, is_by_machine: bool) -> None:
        vars(self).update(now)
        self.at, self.is_by_machine = at, is_by_machine

    def portrait(self) -> dict[str, Any]:
        """The same, as acts look at it."""
        return {
            "assignee": self.assignee, "team": self.team, "priority": self.priority,
            "status": self.status, "snoozed_until": self.snoozed_until or None,
            "wakes_with": None, "resolved_at": self.resolved_at and self.resolved_at.isoformat(),
            "joined_into": None, "inbox": self.inbox, "customer": self.customer,
            "mood": "", "mood_told": False,
            "last_message": 0, "tags": sorted(self.tags), "links": [], "seen": 0, "promised": [],
        }  # fmt: skip


@dataclass
class Story:
    """What the ledger tells of one conversation, heard event after event."""

    row: Mapping[str, Any]
    told: list[Told]
    now: dict[str, Any] = field(default_factory=dict)
    is_by_machine: bool = False

    def __post_init__(self) -> None:
        opened = self.row["opened_at"]
        self.now = {
            "conversation": self.row["pk"], "inbox": self.row["inbox"],
            "customer": self.row["customer"], "opened_at": opened, "turn_since": opened,
            "last_at": opened, "status": "open", "turn": "ours", "assignee": None, "team": None,
            "priority": 3, "tags": frozenset(), "resolved_at": None, "snoozed_until": "",
            "messages": 0, "answers": (),
        }  # fmt: skip
        self.began = next((bool(_robot(one)) for one in self.told if one.kind == CAME), False)

    def hear(self, one: Told) -> None:
        change = _CHANGES.get(one.kind)
        if change is not None:
            self.now.update(change(self.now, one.facts, one.at))
        if one.kind == CAME:
            self.is_by_machine = bool(_robot(one))
        else:
            self.is_by_machine = one.kind == BEGAN and self.began

    def then(self, at: datetime) -> Then:
        return Then(self.now, at, is_by_machine=self.is_by_machine)

    def since(self, state: str) -> datetime | None:
        """Since when it has been in a state that rules wait for."""
        now = self.now
        if state == "resolved":
            return now["resolved_at"]  # type: ignore[no-any-return]
        if state == "open":
            return now["opened_at"] if now["status"] in ("open", "snoozed") else None
        side = "ours" if state == "waiting" else "theirs"
        return now["turn_since"] if (now["status"], now["turn"]) == ("open", side) else None


def _robot(one: Told) -> str:
    """What kind of machine wrote it, if one did."""
    return str(one.facts.get("automatic", ""))


Now = Mapping[str, Any]


def _received(now: Now, facts: Now, at: datetime) -> dict[str, Any]:
    counted = {"messages": now["messages"] + 1, "last_at": at}
    if facts.get("automatic") in QUIET or now["status"] == "spam":
        return counted
    since = now["turn_since"] if _waits(now) and now["messages"] else at
    return {**counted, **_OPEN, "turn": "ours", "turn_since": since}


def _waits(now: Now) -> bool:
    return (now["turn"], now["status"]) == ("ours", "open")


def _replied(now: Now, _facts: Now, at: datetime) -> dict[str, Any]:
    return {
        **_OPEN, "turn": "theirs", "turn_since": at, "last_at": at,
        "messages": now["messages"] + 1, "answers": (*now["answers"], at),
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
    return {"tags": frozenset((set(now["tags"]) | on) - off)}


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


_WORDY = (CAME, "conversation.assigned", "conversation.tagged", "conversation.priority_changed",
          "conversation.snoozed")  # fmt: skip
"""Of what facts say, these alone are asked about."""


def stories(
    pks: Collection[int], until: int, also: str = "", inbox: int | None = None
) -> Iterator[Story]:
    """Each of these conversations, with what is told of it up to an event."""
    known = Conversation.objects.filter(pk__in=pks, joined_into=None)
    known = known.filter(inbox=inbox) if inbox else known
    rows = {row["pk"]: row for row in known.values("pk", "inbox", "customer", "opened_at")}
    kinds, told = {*_CHANGES, BEGAN, also}, dict[int, list[Told]]()
    for ref, number, kind, facts, at in _events(rows):
        if number <= until and kind in kinds:
            said = _read(facts) if kind in _WORDY else {}
            told.setdefault(ref_id(ref), []).append(Told(number, kind, said, in_utc(at)))
    for pk, events in told.items():
        events.sort()
        yield Story(rows[pk], events)


_NAMING = """
    WITH about AS MATERIALIZED (SELECT ref, event_id FROM ledger_eventsubject WHERE ref AMONG)
    SELECT about.ref, e.id, e.kind, e.facts, e.at
    FROM about CROSS JOIN ledger_event e WHERE e.id = about.event_id
"""


def _events(pks: Collection[int]) -> Sequence[Any]:
    """What names them: found by their references, then by number, which no planner turns round."""
    refs = [f"conversation:{pk}" for pk in pks]
    is_apart = connection.vendor == "postgresql"
    among = "= ANY(%s)" if is_apart else "IN (SELECT value FROM json_each(%s))"
    return ask(_NAMING.replace("AMONG", among), [refs if is_apart else json.dumps(refs)])


def _read(facts: Any) -> Mapping[str, Any]:
    read: Mapping[str, Any] = json.loads(facts) if isinstance(facts, str) else facts
    return read


class Cause(NamedTuple):
    """An event that would have set a rule off, and what it is about."""

    event: int
    at: datetime
    conversation: int


def causes(kind: str, after: int, last: int, most: int) -> Sequence[Cause]:
    """The next events of a kind; of two conversations that one names, the first."""
    rows = ask(
        "SELECT e.id, e.at, s.ref"
        " FROM (SELECT id, at FROM ledger_event WHERE kind = %s AND id > %s AND id <= %s"
        " ORDER BY id LIMIT %s) e LEFT JOIN ledger_eventsubject s ON s.event_id = e.id"
        " ORDER BY e.id, s.id",
        [kind, after, last, most],
    )
    found: dict[int, Cause] = {}
    for event, at, ref in rows:
        is_named = (ref or "").startswith("conversation:")
        if event not in found or (is_named and not found[event].conversation):
            found[event] = Cause(event, in_utc(at), ref_id(ref) if is_named else 0)
    return list(found.values())


def tag_numbers() -> dict[str, int]:
    """Every tag by any of its names."""
    return dict(Tag.objects.values_list("name", Coalesce("stands_for_id", "pk")))
