"""A question as a condition on conversations: SQL of ours, and what was typed as values only."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from makegood.asking.moments import bounds
from makegood.asking.tree import AllOf, AnyOf, Node, Not, Test, Value, When, Word, tests
from makegood.channels.models import Inbox
from makegood.conversations.fields import TEXT_COLUMNS
from makegood.conversations.knowing import (
    KNOWN_ABOVE,
    PEOPLE,
    column,
    conversations_of_order,
    linked_with,
    of_choice,
    of_people,
)
from makegood.conversations.listing import ask, visible_among
from makegood.conversations.models import Conversation
from makegood.conversations.naming import Understood, is_special
from makegood.conversations.opening import is_open_at
from makegood.conversations.own_fields import MOST_READ, condition, numbers
from makegood.conversations.searching import scope_among
from makegood.conversations.sql import (
    NOTHING,
    Sql,
    between,
    both,
    is_one_of,
    joined,
    moment_value,
)
from makegood.kit.records import ref_id
from makegood.search.conditions import Probe, holds, probe, term_of
from makegood.search.language import Question
from makegood.search.queries import Scope

MOST_PROBED = 1000
"""Matches of words up to which the conversations are known by number."""
ABOUT = "'conversation:' || c.id"


STATES = {
    "open": Sql("c.status = 'open'"),
    "waiting": Sql("(c.status = 'open' AND c.turn = 'ours')"),
    "answered": Sql("(c.status = 'open' AND c.turn = 'theirs')"),
    "snoozed": Sql("c.status = 'snoozed'"),
    "resolved": Sql("c.status = 'resolved'"),
    "spam": Sql("c.status = 'spam'"),
}
FELT = "c.mood IN ('angry', 'unhappy', 'pleased')"
"""As the index says it, so that SQLite sees that it answers."""
MOODS = {
    **{name: Sql(f"({FELT} AND c.mood = '{name}')") for name in ("angry", "unhappy", "pleased")},
    "neutral": Sql("c.mood = 'neutral'"),
    "unknown": Sql("c.mood = ''"),
}
RARE_MOODS = frozenset(MOODS) - {"neutral", "unknown"}
SPAM = Word("spam")
PRIORITIES = {one.name.lower(): one.value for one in Conversation.Priority}
TAGGED = "EXISTS (SELECT 1 FROM conversations_conversation_tags t WHERE t.conversation_id = c.id"
HAS = {
    "attachment": "c.has_attachment",
    "note": "EXISTS (SELECT 1 FROM conversations_note n WHERE n.conversation_id = c.id)",
    "tag": f"{TAGGED})",
}
LANGUAGE = (
    "COALESCE(NULLIF((SELECT p.language FROM customers_customer p WHERE p.id = c.customer_id), ''),"
    " (SELECT i.language FROM channels_inbox i WHERE i.id = c.inbox_id))"
)
JOINED = "FROM conversations_conversation j WHERE j.joined_into_id = c.id"
MOMENTS = {
    "created": "c.opened_at", "updated": "c.last_at", "resolved": "c.resolved_at",
    "wakes": "c.snoozed_until",
}  # fmt: skip
NUMBERS = {
    "number": "c.id",
    "messages": "(SELECT COUNT(*) FROM conversations_message m WHERE m.conversation_id = c.id)",
}


class Conditions:
    """Turns the parts of one question into SQL; words that are rare are looked up on the way."""

    def __init__(self, understood: Understood, now: datetime) -> None:
        self.understood, self.agent, self.now = understood, understood.agent, now
        self.probes: dict[Question, Probe] = {}

    @cached_property
    def asks_for_spam(self) -> bool:
        """Spam stands in no list, but where somebody asks for it."""
        tree = self.understood.asked.tree
        said = tests(tree) if tree is not None else ()
        return any(one.field in ("status", "is") and SPAM in one.values for one in said)

    @property
    def inboxes_seen(self) -> Sequence[Inbox]:
        """The inboxes that bound what is seen; none are looked up for who sees everything."""
        return () if self.agent.sees_everything() else self.understood.names.inboxes

    @cached_property
    def visible(self) -> Sql:
        """The one rule of who sees what, as a condition."""
        return visible_among(self.agent, self.inboxes_seen)

    @cached_property
    def scope(self) -> Scope:
        """The same rule, as the search index knows it."""
        return scope_among(self.agent, self.inboxes_seen)

    def probe(self, question: Question) -> Probe:
        """What these words are found in, looked up once."""
        if question not in self.probes:
            self.probes[question] = probe(question, self.scope, MOST_PROBED)
        return self.probes[question]

    def of(self, node: Node) -> Sql:
        if isinstance(node, Test):
            return self.said([node]) if node.field in TEXT_COLUMNS else self.test(node)
        if isinstance(node, Not):
            inner = self.of(node.part)
            return Sql(f"({inner.text}) IS NOT TRUE", inner.values)
        if isinstance(node, AnyOf):
            return joined([self.of(part) for part in node.parts], " OR ", NOTHING)
        return self.all_of(node)

    def all_of(self, node: AllOf) -> Sql:
        """Words side by side are looked for in one message; everything else part by part."""
        texts = [part for part in node.parts if is_text(part)]
        parts = [self.of(part) for part in node.parts if not is_text(part)]
        if texts:
            parts.append(self.said(texts))  # the dearest last
        return both(parts)

    def said(self, texts: Sequence[Node]) -> Sql:
        question = question_of(texts)
        if question is None:
            return NOTHING
        found = self.probe(question)
        if found.is_whole:
            return is_one_of("c.id", [ref_id(about) for about in found.abouts])
        text, values = holds(question, self.scope, ABOUT)
        return Sql(text, tuple(values))

    def test(self, test: Test) -> Sql:
        one: Maker = _MAKERS.get(test.field, Conditions.own)
        return joined([one(self, test.field, value) for value in test.values], " OR ", NOTHING)

    def own(self, field: str, value: Any) -> Sql:
        """What the shop asks besides."""
        own = self.understood.names.own[field]
        return condition(own, value, self.meant(field, value), self.now)

    def own_numbers(self, field: str, value: Any, most: int) -> Sequence[int] | None:
        """The conversations of which it holds, where they are few and can be told."""
        own = self.understood.names.own.get(field)
        asked = list(numbers(own, value, self.meant(field, value), self.now)) if own else []
        if not asked or (len(asked) > 1 and ask(asked[0].text, asked[0].values)[0][0] > MOST_READ):
            return None
        rows = ask(f"{asked[-1].text} LIMIT %s", [*asked[-1].values, most + 1])
        return [pk for (pk,) in rows] if len(rows) <= most else None

    def meant(self, field: str, value: Any) -> Sequence[int | str]:
        return self.understood.values.get((field, value), ()) if isinstance(value, Word) else ()

    def priority(self, _field: str, value: Any) -> Sql:
        return Sql("c.priority = %s", (PRIORITIES[value.text],))

    def mood(self, _field: str, value: Any) -> Sql:
        return MOODS[value.text]

    def order(self, _field: str, value: Any) -> Sql:
        """What belongs to the order, as far as anybody knows orders; and what speaks of it."""
        spoken = self.said([spoken_of(value)])
        known = conversations_of_order(value.text)
        return joined([spoken, is_one_of("c.id", known)], " OR ", NOTHING) if known else spoken

    def person(self, field: str, value: Any) -> Sql:
        """Who follows it, or is named in it: as apps above know."""
        numbers = self.of_people(field, value)
        return Sql(f"c.id IN ({numbers.text})", numbers.values)

    def of_people(self, field: str, value: Any) -> Sql:
        if field not in PEOPLE:
            return of_choice(field, value.text, self.now)
        me = [self.agent.pk] if self.special(field, value) else None
        return of_people(field, me or self.values(field, value))

    def state(self, _field: str, value: Any) -> Sql:
        if value.text in STATES:
            return STATES[value.text]
        if value.text == "unread":
            seen = "SELECT s.message FROM conversations_seen s WHERE s.conversation_id = c.id"
            text = f"c.last_incoming > COALESCE(({seen} AND s.agent_id = %s), 0)"
            return Sql(text, (self.agent.pk,))
        if value.text == "undelivered":
            return Sql("c.is_undelivered")
        if value.text == "mine":
            return Sql("c.assignee_id = %s", (self.agent.pk,))
        return Sql("c.assignee_id IS NULL")

    def has(self, _field: str, value: Any) -> Sql:
        if value.text in HAS:
            return Sql(HAS[value.text])
        drafts = "SELECT 1 FROM conversations_draft d WHERE d.conversation_id = c.id"
        return Sql(
            f"EXISTS ({drafts} AND d.agent_id = %s AND d.purpose <> 'held')", (self.agent.pk,)
        )

    def holder(self, field: str, value: Any) -> Sql:
        column = f"c.{field}_id"
        if special := self.special(field, value):
            mine = Sql(f"{column} = %s", (self.agent.pk,))
            return Sql(f"{column} IS NULL") if special == "none" else mine
        return is_one_of(column, self.values(field, value))

    def tag(self, field: str, value: Any) -> Sql:
        if self.special(field, value):
            return Sql(f"NOT {TAGGED})")
        tagged = is_one_of("t.tag_id", self.values(field, value))
        return Sql(f"{TAGGED} AND {tagged.text})", tagged.values)

    def way_in(self, field: str, value: Any) -> Sql:
        return is_one_of("c.inbox_id", self.inboxes(field, value))

    def inboxes(self, field: str, value: Word) -> list[int]:
        values = self.values(field, value)
        if field != "channel":
            return [int(one) for one in values]
        return [one.pk for one in self.understood.names.inboxes if one.kind in values]

    def language(self, field: str, value: Any) -> Sql:
        return is_one_of(LANGUAGE, self.values(field, value)[:20])

    def number(self, field: str, value: Any) -> Sql:
        own = between(NUMBERS[field], value.low, value.high)
        if field != "number":
            return own
        inner = between("j.id", value.low, value.high)
        joined_here = f"SELECT 1 {JOINED} AND {inner.text}"
        return Sql(f"({own.text} OR EXISTS ({joined_here}))", (*own.values, *inner.values))

    def linked(self, _field: str, value: Any) -> Sql:
        return is_one_of("c.id", linked_with(self.agent, value.low, value.high))

    def waiting(self, _field: str, value: Any) -> Sql:
        """Long waits began early: the range is turned round."""
        first, last = (self._before(value.high), self._before(value.low))
        return both([STATES["waiting"], between("c.turn_since", first, last)])

    def _before(self, seconds: int | None) -> Any:
        return None if seconds is None else moment_value(self.now - timedelta(seconds=seconds))

    def moment(self, field: str, value: Any) -> Sql:
        return self._when(MOMENTS[field], value)

    def due(self, _field: str, value: Any) -> Sql:
        """When what is promised next is due: as an app above knows."""
        return self._when(column("due"), value)

    def answered(self, _field: str, value: Any) -> Sql:
        inner = self._when("m.at", value)
        answers = "FROM conversations_message m WHERE m.conversation_id = c.id"
        text = f"EXISTS (SELECT 1 {answers} AND m.direction = 'outgoing' AND {inner.text})"
        return Sql(text, inner.values)

    def _when(self, column: str, when: When) -> Sql:
        first, last = bounds(when, self.now)
        parts = [Sql(f"{column} >= %s", (moment_value(first),))] if first else []
        parts += [Sql(f"{column} < %s", (moment_value(last),))] if last else []
        return both(parts)

    def hours(self, _field: str, value: Any) -> Sql:
        there = is_open_at(self.now)
        return there if value.text == "open" else Sql(f"NOT ({there.text})", there.values)

    def special(self, field: str, value: Word) -> str:
        named = self.understood.vocabulary.named(field)
        return value.text if named is not None and is_special(named, value) else ""

    def values(self, field: str, value: Word) -> Sequence[int | str]:
        return self.understood.values[field, value]


def spoken_of(order: Word) -> Test:
    """An order's number as words: exactly these, unless a star says that they may go on."""
    return Test("words", (Word(order.text, is_quoted=not order.is_beginning),))


def is_text(node: Node) -> bool:
    return isinstance(node, Test) and node.field in TEXT_COLUMNS


def is_felt(part: Test) -> bool:
    """Whether moods are asked for that few have: an index knows those."""
    asked = (isinstance(one, Word) and one.text in RARE_MOODS for one in part.values)
    return part.field == "mood" and all(asked)


def question_of(texts: Sequence[Node]) -> Question | None:
    """Tests of words as one question to the index; None where it has no words to look for."""
    terms = [
        term_of(value.text, field=TEXT_COLUMNS[text.field], is_phrase=value.is_quoted)
        for text in texts
        if isinstance(text, Test)
        for value in text.values
        if isinstance(value, Word)
    ]
    return Question(terms=tuple(terms)) if terms and all(one.words for one in terms) else None


Maker = Callable[[Conditions, str, Value], Sql]
_MAKERS: dict[str, Maker] = {
    "status": Conditions.state,
    "is": Conditions.state,
    "has": Conditions.has,
    "priority": Conditions.priority,
    "mood": Conditions.mood,
    "order": Conditions.order,
    **dict.fromkeys(KNOWN_ABOVE, Conditions.person),
    "assignee": Conditions.holder,
    "team": Conditions.holder,
    "tag": Conditions.tag,
    "inbox": Conditions.way_in,
    "channel": Conditions.way_in,
    "to": Conditions.way_in,
    "language": Conditions.language,
    "waiting": Conditions.waiting,
    "created": Conditions.moment,
    "updated": Conditions.moment,
    "resolved": Conditions.moment,
    "wakes": Conditions.moment,
    "answered": Conditions.answered,
    "hours": Conditions.hours,
    "due": Conditions.due,
    "messages": Conditions.number,
    "number": Conditions.number,
    "linked": Conditions.linked,
}
