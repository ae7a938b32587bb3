"""A question asked of conversations as they stood: what changes by the ledger, else as today."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from makegood.asking.moments import bounds
from makegood.asking.tree import AllOf, AnyOf, Node, Not, Range, Test, When, Word
from makegood.automation.asking import Question
from makegood.automation.past import PRIORITIES, Then, tag_numbers
from makegood.calendars.hours import Hours
from makegood.calendars.queries import hours_of
from makegood.conversations.fields import TEXT_COLUMNS
from makegood.conversations.matching import matching
from makegood.conversations.opening import hours_refs
from makegood.team.models import Agent

STATES: Mapping[str, Callable[[Then], bool]] = {
    "open": lambda then: then.status == "open",
    "waiting": lambda then: (then.status, then.turn) == ("open", "ours"),
    "answered": lambda then: (then.status, then.turn) == ("open", "theirs"),
    "snoozed": lambda then: then.status == "snoozed",
    "resolved": lambda then: then.status == "resolved",
    "spam": lambda then: then.status == "spam",
    "unassigned": lambda then: then.assignee is None,
}


@dataclass
class Recall:
    """One question of many conversations; what is as today is asked of all of them at once."""

    question: Question
    pks: list[int]
    now: datetime
    _today: dict[Node, set[int]] = field(default_factory=dict)

    @property
    def keeper(self) -> Agent:
        return self.question.keeper

    @cached_property
    def visible(self) -> set[int]:
        return self.today(AllOf())

    @cached_property
    def tags(self) -> Mapping[str, int]:
        return tag_numbers()

    def holds(self, then: Then) -> bool:
        """Whether the rule would have met this conversation as it stood."""
        if not self.question.is_in_place(then.inbox, then.team):
            return False
        if then.conversation not in self.visible:
            return False
        if then.status == "spam" and not self.question.asks_for_spam:
            return False
        return self.of(self.question.understood.tree, then)

    def of(self, node: Node, then: Then) -> bool:
        if isinstance(node, Not):
            return not self.of(node.part, then)
        if isinstance(node, AnyOf):
            return any(self.of(part, then) for part in node.parts)
        if isinstance(node, AllOf):
            return self._all_of(node, then)
        return self._test(node, then)

    def _all_of(self, node: AllOf, then: Then) -> bool:
        """Words side by side are looked for in one message, as everywhere."""
        texts = tuple(part for part in node.parts if _is_text(part))
        others = [part for part in node.parts if not _is_text(part)]
        if not all(self.of(part, then) for part in others):
            return False
        return not texts or then.conversation in self.today(AllOf(texts))

    def _test(self, test: Test, then: Then) -> bool:
        ask = _KNOWN.get(test.field)
        if ask is None:
            return then.conversation in self.today(test)
        return any(self._one(ask, test, value, then) for value in test.values)

    def _one(self, ask: "Ask", test: Test, value: Any, then: Then) -> bool:
        answer = ask(self, test.field, value, then)
        if answer is None:  # nothing tells how that was
            return then.conversation in self.today(Test(test.field, (value,)))
        return answer

    def today(self, node: Node) -> set[int]:
        """The conversations of which a part holds as they are now."""
        if node not in self._today:
            self._today[node] = matching(self.question.understood, self.pks, self.now, node)
        return self._today[node]

    def state(self, _field: str, value: Any, then: Then) -> bool | None:
        if value.text == "mine":
            return then.assignee == self.keeper.pk
        known = STATES.get(value.text)
        return known(then) if known else None

    def has(self, _field: str, value: Any, then: Then) -> bool | None:
        return bool(then.tags) if value.text == "tag" else None

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
        known = _hours_of(self.now, hours_refs(then.inbox, then.team))
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


def _is_text(node: Node) -> bool:
    return isinstance(node, Test) and node.field in TEXT_COLUMNS


def _is_within(value: Range, number: float) -> bool:
    return (value.low is None or value.low <= number) and (
        value.high is None or number <= value.high
    )


Ask = Callable[[Recall, str, Any, Then], bool | None]
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
