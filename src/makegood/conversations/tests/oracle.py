"""The same questions answered in plain Python, row by row: what the database must say too."""

import re
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from makegood.asking.moments import bounds
from makegood.asking.tree import AllOf, AnyOf, Node, Not, Range, Test, Value, When, Word
from makegood.team.models import Agent

TEXTS = {"words": None, "subject": 0, "customer": 1, "text": 3}


@dataclass(frozen=True, kw_only=True)
class Said:
    """One message or note as the index knows it: subject, customer, tags and text."""

    columns: tuple[str, str, str, str]


@dataclass(frozen=True, kw_only=True)
class Matter:
    """A conversation with everything that can be asked of it."""

    pk: int
    status: str
    turn: str
    turn_since: datetime
    opened_at: datetime
    last_at: datetime
    resolved_at: datetime | None
    snoozed_until: datetime | None
    assignee: str
    team: str
    inbox: str
    address: str
    channel: str
    language: str
    tags: frozenset[str]
    messages: int
    has_attachment: bool
    is_undelivered: bool
    has_note: bool
    drafters: frozenset[str]
    unread_by: frozenset[str]
    followers: frozenset[str]
    named: frozenset[str]
    priority: str = "normal"
    mood: str = ""
    own: dict[str, Any] = field(default_factory=dict, repr=False)
    """What the shop's own fields say, by their words."""
    linked: list[tuple[int, str]] = field(default_factory=list, repr=False)
    """The numbers that it is linked with, and their inboxes."""
    answers: tuple[datetime, ...] = ()
    said: tuple[Said, ...] = field(default=(), repr=False)


def holds(node: Node, matter: Matter, agent: Agent, now: datetime) -> bool:
    """Whether a conversation is one of those that are asked for."""
    if isinstance(node, Not):
        return not holds(node.part, matter, agent, now)
    if isinstance(node, AnyOf):
        return any(holds(part, matter, agent, now) for part in node.parts)
    if isinstance(node, AllOf):
        texts = [part for part in node.parts if isinstance(part, Test) and part.field in TEXTS]
        others = [part for part in node.parts if part not in texts]
        return _is_said(texts, matter) and all(holds(one, matter, agent, now) for one in others)
    if node.field in TEXTS:
        return _is_said([node], matter)
    return any(_has(node.field, value, matter, agent, now) for value in node.values)


def _is_said(texts: list[Test], matter: Matter) -> bool:
    """Words side by side stand in one message."""
    return not texts or any(
        all(_is_in(text.values[0], one, TEXTS[text.field]) for text in texts) for one in matter.said
    )


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def _is_in(value: Value, said: Said, column: int | None) -> bool:
    assert isinstance(value, Word)
    asked = _words(value.text)
    columns = said.columns if column is None else (said.columns[column],)
    is_open = not value.is_quoted and len(asked[-1]) >= 3
    return any(_stands(asked, _words(text), is_open=is_open) for text in columns)


def _stands(asked: list[str], words: list[str], *, is_open: bool) -> bool:
    for start in range(len(words) - len(asked) + 1):
        run = words[start : start + len(asked)]
        is_last = run[-1].startswith(asked[-1]) if is_open else run[-1] == asked[-1]
        if run[:-1] == asked[:-1] and is_last:
            return True
    return False


def _has(name: str, value: Value, matter: Matter, agent: Agent, now: datetime) -> bool:
    if name in matter.own:
        return _says(matter.own[name], value, now)
    if name in ("follows", "mentions"):
        people = matter.followers if name == "follows" else matter.named
        asked = agent.name if value == Word("me") else value.text  # type: ignore[union-attr]
        return asked in people
    if name == "order":
        assert isinstance(value, Word)
        word = Word(value.text, is_quoted=True)
        return any(_is_in(word, one, None) for one in matter.said)
    if name == "mood":
        return value == Word(matter.mood or "unknown")
    if name == "priority":
        return value == Word(matter.priority)
    if isinstance(value, When):
        return _is_when(name, value, matter, now)
    if name == "linked":
        assert isinstance(value, Range)
        ends = [pk for pk, inbox in matter.linked if agent.sees_everything() or inbox != "Hidden"]
        return any(_is_in_range(value, pk) for pk in ends)
    if isinstance(value, Range):
        return _is_within(name, value, matter, now)
    if name in ("status", "is"):
        return _is(value.text, matter, agent)
    if name == "has":
        return {
            "attachment": matter.has_attachment,
            "note": matter.has_note,
            "tag": bool(matter.tags),
            "draft": agent.name in matter.drafters,
        }[value.text]
    if name == "tag":
        return not matter.tags if _is_none(value) else any(_called(value, t) for t in matter.tags)
    held = {
        "assignee": matter.assignee, "team": matter.team, "inbox": matter.inbox,
        "channel": matter.channel, "to": matter.address, "language": matter.language,
    }[name]  # fmt: skip
    if name in ("assignee", "team") and _is_none(value):
        return not held
    if name == "assignee" and value == Word("me"):
        return held == agent.name
    return bool(held) and _called(value, held)


def _says(said: Any, value: Value, now: datetime) -> bool:
    """What a field of the shop's own says: nothing, a number, a day, yes or no, or words."""
    if value in (Word("none"), Word("any")):
        return (said is None) == (value == Word("none"))
    if said is None:
        return False
    if isinstance(value, Range):
        low = value.low is None or said >= Decimal(value.low) / 1_000_000
        return low and (value.high is None or said <= Decimal(value.high) / 1_000_000)
    if isinstance(value, When):
        begins = datetime.combine(said, time(), tzinfo=now.tzinfo)
        first, last = bounds(value, now)
        return (first is None or begins >= first) and (last is None or begins < last)
    if isinstance(said, bool):
        return said == (value.text == "yes")
    asked, known = value.text.lower(), said.lower()
    if value.is_quoted:
        return bool(asked == known)
    return bool(known.startswith(asked)) if value.is_beginning else asked in known


def _is_none(value: Word) -> bool:
    return value == Word("none")


def _called(value: Word, name: str) -> bool:
    asked, known = value.text.lower(), name.lower()
    if value.is_beginning:
        return known.startswith(asked)
    return asked == known


def _is(word: str, matter: Matter, agent: Agent) -> bool:
    is_open = matter.status == "open"
    return {
        "open": is_open,
        "waiting": is_open and matter.turn == "ours",
        "answered": is_open and matter.turn == "theirs",
        "snoozed": matter.status == "snoozed",
        "resolved": matter.status == "resolved",
        "spam": matter.status == "spam",
        "undelivered": matter.is_undelivered,
        "unread": agent.name in matter.unread_by,
        "mine": matter.assignee == agent.name,
        "unassigned": not matter.assignee,
    }[word]


def _is_within(name: str, value: Range, matter: Matter, now: datetime) -> bool:
    if name == "waiting":
        if not (matter.status == "open" and matter.turn == "ours"):
            return False
        amount: float = (now - matter.turn_since).total_seconds()
    else:
        amount = matter.pk if name == "number" else matter.messages
    return _is_in_range(value, amount)


def _is_in_range(value: Range, amount: float) -> bool:
    low = value.low is None or amount >= value.low
    return low and (value.high is None or amount <= value.high)


def _is_when(name: str, value: When, matter: Matter, now: datetime) -> bool:
    of: dict[str, list[datetime | None]] = {
        "created": [matter.opened_at],
        "updated": [matter.last_at],
        "resolved": [matter.resolved_at],
        "wakes": [matter.snoozed_until],
        "answered": list(matter.answers),
    }
    first, last = bounds(value, now)
    return any(
        at is not None and (first is None or at >= first) and (last is None or at < last)
        for at in of[name]
    )
