"""A question asked of conversations as they stood: what changes by the ledger, else as today."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from makegood.asking.moments import bounds
from makegood.asking.tree import AllOf, AnyOf, Node, Not, Range, Test, Value, When, Word, tests
from makegood.automation.asking import Question
from makegood.automation.past import PRIORITIES, Then, tag_numbers
from makegood.calendars.hours import Hours
from makegood.calendars.queries import hours_of
from makegood.conversations.matching import matching
from makegood.conversations.opening import hours_refs

STATES: Mapping[str, Callable[[Then], bool]] = {
    "open": lambda then: then.status == "open",
    "waiting": lambda then: (then.status, then.turn) == ("open", "ours"),
    "answered": lambda then: (then.status, then.turn) == ("open", "theirs"),
    "snoozed": lambda then: then.status == "snoozed",
    "resolved": lambda then: then.status == "resolved",
    "spam": lambda then: then.status == "spam",
    "unassigned": lambda then: then.assignee is None,
}


Holds = Callable[[Then], bool]


class Recall:
    """One question of many conversations; what is as today is asked of all of them at once."""

    def __init__(self, question: Question, pks: Sequence[int], now: datetime) -> None:
        self.question, self.keeper = question, question.keeper
        self._pks, self._now = pks, now
        tree = question.understood.tree
        parts = tree.parts if isinstance(tree, AllOf) else (tree,)
        as_today, as_then = self._sorted(parts)
        self.possible = self._today(AllOf(as_today))
        """Those that the keeper sees and of which all holds that is as today: by one query."""
        self._asks = [self._compiled(part) for part in as_then]

    @cached_property
    def tags(self) -> Mapping[str, int]:
        return tag_numbers()

    def holds(self, then: Then) -> bool:
        """Whether the rule would have met this conversation as it stood."""
        if then.conversation not in self.possible:
            return False
        if not self.question.is_in_place(then.inbox, then.team):
            return False
        if then.status == "spam" and not self.question.asks_for_spam:
            return False
        return all(ask(then) for ask in self._asks)

    def _sorted(self, parts: Sequence[Node]) -> tuple[tuple[Node, ...], list[Node]]:
        """What is as it is today, and what the ledger tells of then."""
        as_today = tuple(part for part in parts if self._is_as_today(part))
        return as_today, [part for part in parts if part not in as_today]

    def _is_as_today(self, node: Node) -> bool:
        return all(not _told_values(test) for test in tests(node))

    def _compiled(self, node: Node) -> Holds:
        """The question as one function; words side by side are looked for in one message."""
        if self._is_as_today(node):
            found = self._today(node)
            return lambda then: then.conversation in found
        if isinstance(node, Not):
            part = self._compiled(node.part)
            return lambda then: not part(then)
        if isinstance(node, AnyOf):
            parts = [self._compiled(one) for one in node.parts]
            return lambda then: any(one(then) for one in parts)
        if isinstance(node, AllOf):
            as_today, as_then = self._sorted(node.parts)
            parts = [self._compiled(one) for one in as_then]
            parts += [self._compiled(AllOf(as_today))] if as_today else []
            return lambda then: all(one(then) for one in parts)
        return self._test(node)

    def _test(self, test: Test) -> Holds:
        """One of its values holds; those of which nothing tells how that was, as today."""
        ask, told = _KNOWN[test.field], _told_values(test)
        untold = tuple(value for value in test.values if value not in told)
        today = self._today(Test(test.field, untold)) if untold else set[int]()
        return lambda then: (
            any(ask(self, test.field, value, then) for value in told) or then.conversation in today
        )

    def _today(self, node: Node) -> set[int]:
        """The conversations of which a part holds as they are now."""
        return matching(self.question.understood, self._pks, self._now, node)

    def state(self, _field: str, value: Any, then: Then) -> bool:
        if value.text == "mine":
            return then.assignee == self.keeper.pk
        return STATES[value.text](then)

    def has(self, _field: str, _value: Any, then: Then) -> bool:
        return bool(then.tags)

    def holder(self, field: str, value: Any, then: Then) -> bool:
        holder = then.assignee if field == "assignee" else then.team
        special = self._special(field, value)
        if special:
            return holder is None if special == "none" else holder == self.keeper.pk
        return holder in self._values(field, value)

    def tag(self, field: str, value: Any, then: Then) -> bool:
        if self._special(field, value):
            return not then.tags
        wanted = self._values(field, value)
        return any(self.tags.get(name) in wanted for name in then.tags)

    def priority(self, _field: str, value: Any, then: Then) -> bool:
        return then.priority == PRIORITIES[value.text]

    def waiting(self, _field: str, value: Any, then: Then) -> bool:
        waited = (then.at - then.turn_since).total_seconds()
        return STATES["waiting"](then) and _is_within(value, waited)

    def moment(self, field: str, value: Any, then: Then) -> bool:
        named = {"created": then.opened_at, "updated": then.last_at, "resolved": then.resolved_at}
        return self._when(value, named[field], then)

    def answered(self, _field: str, value: Any, then: Then) -> bool:
        return any(self._when(value, at, then) for at in then.answers)

    def messages(self, _field: str, value: Any, then: Then) -> bool:
        return _is_within(value, then.messages)

    def hours(self, _field: str, value: Any, then: Then) -> bool:
        known = _hours_of(self._now, hours_refs(then.inbox, then.team))
        is_open = known is None or known.is_open(then.at)
        return bool(is_open == (value.text == "open"))

    def _when(self, when: When, at: datetime | None, then: Then) -> bool:
        first, last = bounds(when, then.at.astimezone(self.keeper.zone))
        if at is None:
            return False
        return (first is None or first <= at) and (last is None or at < last)

    def _special(self, field: str, value: Word) -> str:
        named = self.question.understood.vocabulary.named(field)
        if value.is_quoted or named is None or named.choice(value.text) is None:
            return ""
        return value.text

    def _values(self, field: str, value: Word) -> Any:
        return self.question.understood.values[field, value]


@lru_cache(maxsize=256)
def _hours_of(_step: datetime, refs: tuple[str, ...]) -> Hours | None:
    """Opening hours as they are today, read once a step."""
    return hours_of(*refs)


def _told_values(test: Test) -> tuple[Value, ...]:
    """Of what a test asks for, what the ledger tells of then."""
    if test.field not in _KNOWN:
        return ()
    if test.field in ("status", "is"):
        return tuple(one for one in test.values if _word(one) in {*STATES, "mine"})
    if test.field == "has":
        return tuple(one for one in test.values if _word(one) == "tag")
    return test.values


def _word(value: Value) -> str:
    return value.text if isinstance(value, Word) else ""


def _is_within(value: Range, number: float) -> bool:
    return (value.low is None or value.low <= number) and (
        value.high is None or number <= value.high
    )


Ask = Callable[[Recall, str, Any, Then], bool]
_KNOWN: Mapping[str, Ask] = {
    "status": Recall.state,
    "is": Recall.state,
    "has": Recall.has,
    "assignee": Recall.holder,
    "team": Recall.holder,
    "tag": Recall.tag,
    "priority": Recall.priority,
    "waiting": Recall.waiting,
    "created": Recall.moment,
    "updated": Recall.moment,
    "resolved": Recall.moment,
    "answered": Recall.answered,
    "messages": Recall.messages,
    "hours": Recall.hours,
}
