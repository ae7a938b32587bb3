"""Pages and counts of any question about conversations, never looking further than a bound.

What is known by number (a rare word, a rare tag) is looked at whole. Where an index can walk
the question, it is walked. What is left is asked of row after row, so many at most: a page
that found less says where to look on, and a count says `37+`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from django.utils import timezone

from makegood.asking.tree import Range, Test, Word, all_of, conjuncts
from makegood.conversations.conditions import (
    MOST_PROBED,
    Conditions,
    is_felt,
    is_text,
    question_of,
    spoken_of,
)
from makegood.conversations.knowing import KNOWN_ABOVE, conversations_of_order, linked_with
from makegood.conversations.listing import Row, ask, read_rows, rows_for
from makegood.conversations.naming import Names, Understood, understand
from makegood.conversations.sifting import Sieve, Sifted, key_mark
from makegood.conversations.sql import NOTHING, Sql, both, is_one_of, rows_numbered
from makegood.conversations.walking import ORDERS, Order, Shape, beyond, keys, shape_of, walks
from makegood.kit.paging import Page, mark
from makegood.kit.records import ref_id
from makegood.search.index import Found as Match
from makegood.search.language import Question
from makegood.search.queries import Hit, hits_of, newest
from makegood.team.models import Agent

PAGE = 50
MOST_COUNTED = 1000
MOST_LOOKED_AT = 4_000
"""How many rows are looked through for one count."""
UNJOINED = Sql("c.status NOT IN ('joined', 'spam')")
SPAM_TOO = Sql("c.status <> 'joined'")
WORD_ROUNDS = 8
WORDS_AT_ONCE, WORDS_ALONE_AT_ONCE = 100, 60


@dataclass(frozen=True, kw_only=True)
class Found(Page[Row]):
    """A page of rows; whether there may be more between the last one and where to look on."""

    is_partial: bool = False
    hits: Sequence[tuple[Row, Hit | None]] = ()


@dataclass(frozen=True)
class Counted:
    """How many there are, or at least are."""

    number: int
    is_exact: bool = True


class Finder:
    """One understood question, about to be asked of the database."""

    def __init__(
        self, understood: Understood, order: str = "", *, now: datetime | None = None
    ) -> None:
        self.agent = understood.agent
        self.conditions = Conditions(understood, now or timezone.localtime())
        self.parts = conjuncts(understood.tree)
        self.order = ORDERS.get(order) or self._usual_order()

    def _usual_order(self) -> Order:
        """Who waits longest stands first among the open; else the newest words."""
        is_queue = self.shape.statuses == {"open"} and not self.shape.is_undelivered
        return ORDERS["longest" if is_queue else "newest"]

    @cached_property
    def shape(self) -> Shape:
        return shape_of(self.conditions)

    @property
    def standing(self) -> Sql:
        """What is part of another stands in no list; nor does spam that nobody asks for."""
        return SPAM_TOO if self.conditions.asks_for_spam else UNJOINED

    @cached_property
    def words(self) -> Question | None:
        """The words that every row must have, as one question to the index."""
        return question_of([part for part in self.parts if is_text(part)])

    @cached_property
    def known(self) -> Sequence[int] | None:
        """The numbers among which all answers are, where there are few; else None."""
        found = [pks for pks in map(self._known, self.parts) if pks is not None]
        if self.words is not None:
            probe = self.conditions.probe(self.words)
            found += [[ref_id(about) for about in probe.abouts]] if probe.is_whole else []
        return min(found, key=len, default=None)

    def _known(self, part: Any) -> Sequence[int] | None:
        value = part.values[0] if isinstance(part, Test) else None
        if value is None:
            return None
        if isinstance(value, Range) and part.field == "number" and len(part.values) == 1:
            return _numbered(value.low) if value.low == value.high else None
        if part.field == "linked":
            ends = [one for one in part.values if isinstance(one, Range)]
            return [pk for one in ends for pk in linked_with(self.agent, one.low, one.high)]
        if part.field == "order":
            return self._of_orders(part)
        if part.field == "priority" or is_felt(part):
            return self._by_an_index(part)
        if part.field in KNOWN_ABOVE:
            return self._of_people(part)
        if part.field in self.conditions.understood.names_of_own:
            return self._own(part)
        if part.field != "tag" or any(self.conditions.special("tag", one) for one in part.values):
            return None
        tags = [pk for one in part.values for pk in self.conditions.values("tag", one)]
        tagged = is_one_of("t.tag_id", tags)
        sql = f"SELECT t.conversation_id FROM conversations_conversation_tags t WHERE {tagged.text}"  # noqa: S608
        rows = ask(f"{sql} LIMIT %s", [*tagged.values, MOST_PROBED + 1])
        return [pk for (pk,) in rows] if len(rows) <= MOST_PROBED else None

    def _of_people(self, part: Test) -> Sequence[int] | None:
        found: set[int] = set()
        for value in part.values:
            asked = self.conditions.of_people(part.field, value)
            rows = ask(f"{asked.text} LIMIT %s", [*asked.values, MOST_PROBED + 1])
            found |= {pk for (pk,) in rows}
        return list(found) if len(found) <= MOST_PROBED else None

    def _own(self, part: Test) -> Sequence[int] | None:
        found: set[int] = set()
        for value in part.values:
            numbers = self.conditions.own_numbers(part.field, value, MOST_PROBED)
            if numbers is None:
                return None
            found |= set(numbers)
        return list(found)

    def _of_orders(self, part: Test) -> Sequence[int] | None:
        found: set[int] = set()
        for value in part.values:
            question = question_of([spoken_of(value)]) if isinstance(value, Word) else None
            probe = self.conditions.probe(question) if question else None
            if probe is None or not probe.is_whole:
                return None
            found |= {ref_id(about) for about in probe.abouts}
            found |= set(conversations_of_order(value.text)) if isinstance(value, Word) else set()
        return list(found)

    def _by_an_index(self, part: Test) -> Sequence[int] | None:
        """By the index that has the most urgent first, or the moods, where they are few."""
        asked = self.conditions.test(part)
        where = both([is_one_of("c.status", sorted(self.shape.statuses)), asked])
        sql = f"SELECT c.id FROM conversations_conversation c WHERE {where.text} LIMIT %s"  # noqa: S608
        rows = ask(sql, [*where.values, MOST_PROBED + 1])
        return [pk for (pk,) in rows] if len(rows) <= MOST_PROBED else None

    @cached_property
    def rest(self) -> Sql | None:
        """What no index answers; None where nothing is left."""
        return self.conditions.of(all_of(self.shape.rest)) if self.shape.rest else None

    def page(self, after: str = "") -> Found:
        """One page in order. A damaged mark begins at the front."""
        if self.known is not None:
            return self._page_of(self._among_known(beyond(self.order, after), PAGE + 1))
        if self.words is not None:
            return self._by_words(self.words, after)
        found = walks(self.shape)
        if not found:
            return Found(rows=[])
        behind = beyond(self.order, after)
        if self.rest is None:
            return self._page_of(keys(found, self.order, behind, PAGE + 1))
        sifted = self._sifted(found, after, PAGE)
        rows = rows_for(self.agent, sifted.numbers)
        return Found(rows=rows, next=sifted.next, is_partial=sifted.is_partial)

    def _page_of(self, found: Sql) -> Found:
        rows = read_rows(found, self.order.columns, self.agent)
        if len(rows) <= PAGE:
            return Found(rows=rows)
        return Found(rows=rows[:PAGE], next=self._mark(rows[PAGE - 1]))

    def _mark(self, row: Row) -> str:
        return mark(*(getattr(row, "pk" if name == "id" else name) for name in self.order.names))

    def _among_known(self, behind: Sql | None, limit: int) -> Sql:
        columns = ", ".join(f"c.{name}" for name in self.order.names)
        parts = [self.conditions.of(self.conditions.understood.tree), *([behind] if behind else [])]
        where = both([self.conditions.visible, self.standing, *parts])
        source, numbers = rows_numbered(self.known or [])
        text = (
            f"SELECT {columns} FROM {source} WHERE {where.text}"  # noqa: S608
            f" ORDER BY {self.order.sorted_by('c')} LIMIT %s"
        )
        return Sql(text, (numbers, *where.values, limit))

    def _sifted(self, found: Sequence[Sql], after: str, wanted: int) -> Sifted:
        sieve = Sieve(walks=found, order=self.order, rest=self.rest or NOTHING)
        return sieve.sift(after, wanted)

    def numbers(self, after: str, wanted: int) -> tuple[list[int], str]:
        """The next numbers alone and where to look on, for whoever comes to all of them."""
        behind, found = beyond(self.order, after), walks(self.shape)
        if self.known is not None:
            return self._numbers_of(self._among_known(behind, wanted + 1), wanted)
        if self.words is not None:
            return self._numbers_by_words(self.words, after, wanted)
        if not found:
            return [], ""
        if self.rest is None:
            return self._numbers_of(keys(found, self.order, behind, wanted + 1), wanted)
        sifted = self._sifted(found, after, wanted)
        return list(sifted.numbers), sifted.next

    def _numbers_by_words(self, words: Question, after: str, wanted: int) -> tuple[list[int], str]:
        found: list[int] = []
        while len(found) < wanted:
            chosen, after = self._matches(words, after)
            found += [ref_id(one.about) for one in chosen]
            if not after:
                break
        return found, after

    def _numbers_of(self, run: Sql, wanted: int) -> tuple[list[int], str]:
        found = ask(run.text, run.values)
        end = key_mark(found[wanted - 1]) if len(found) > wanted else ""
        return [key[-1] for key in found[:wanted]], end

    def hits(self, after: str = "") -> Found:
        """Newest match first, each with the place where its words stand."""
        if self.words is None:
            found = self.page(after)
            return Found(
                rows=found.rows,
                next=found.next,
                is_partial=found.is_partial,
                hits=[(row, None) for row in found.rows],
            )
        chosen, end = self._matches(self.words, after)
        rows = {row.pk: row for row in self._rows_of(chosen)}
        pairs = [
            (rows[ref_id(hit.about)], hit)
            for hit in hits_of(chosen, self.words)
            if ref_id(hit.about) in rows
        ]
        is_partial = bool(end) and len(chosen) < PAGE
        return Found(rows=[row for row, _hit in pairs], next=end, is_partial=is_partial, hits=pairs)

    def _by_words(self, words: Question, after: str) -> Found:
        """The same without the places: a list does not show them, so nothing is read for them."""
        chosen, end = self._matches(words, after)
        is_partial = bool(end) and len(chosen) < PAGE
        return Found(rows=self._rows_of(chosen), next=end, is_partial=is_partial)

    def _rows_of(self, chosen: Sequence[Match]) -> Sequence[Row]:
        return rows_for(self.agent, [ref_id(one.about) for one in chosen])

    def _matches(self, words: Question, after: str) -> tuple[list[Match], str]:
        """The newest matches whose conversations are what else is asked for."""
        chosen: list[Match] = []
        scope, is_alone = self.conditions.scope, all(map(is_text, self.parts))
        limit = WORDS_ALONE_AT_ONCE if is_alone else WORDS_AT_ONCE
        for _round in range(WORD_ROUNDS):
            found, after = newest(words, scope=scope, after=after, limit=limit)
            fitting = self._fitting([ref_id(one.about) for one in found])
            for one in found:
                if ref_id(one.about) in fitting:
                    chosen.append(one)
                if len(chosen) == PAGE and (one != found[-1] or after):
                    return chosen, mark(one.number)
            if not after:
                break
        return chosen, after

    def _fitting(self, pks: Sequence[int]) -> set[int]:
        if not pks:
            return set()
        others = [part for part in self.parts if not is_text(part)]
        rest = self.conditions.of(all_of(others)) if others else None
        where = both([self.conditions.visible, self.standing, *([rest] if rest else [])])
        source, numbers = rows_numbered(pks)
        rows = ask(f"SELECT c.id FROM {source} WHERE {where.text}", [numbers, *where.values])  # noqa: S608
        return {pk for (pk,) in rows}

    def count(self, most: int = MOST_COUNTED, *, look_at: int = 0) -> Counted:
        """How many there are: counted no further than `most`, and not looked for without end."""
        if self.known is not None:
            return _counted(_count(self._among_known(None, most)), most)
        if self.words is not None:
            found, after = newest(self.words, scope=self.conditions.scope, limit=MOST_PROBED // 2)
            number = len(self._fitting([ref_id(one.about) for one in found]))
            return Counted(min(number, most), not after and number < most)
        found_walks = walks(self.shape)
        if not found_walks:
            return Counted(0)
        if self.rest is None:
            return _counted(_count(_counting(found_walks, most)), most)
        return self._looked_through(found_walks, most, look_at or MOST_LOOKED_AT)

    def _looked_through(self, found: Sequence[Sql], most: int, look_at: int) -> Counted:
        run, rest = keys(found, self.order, None, look_at), self.rest or NOTHING
        text = (
            f"SELECT COUNT(*), COUNT(CASE WHEN {rest.text} THEN 1 END) FROM ({run.text}) k"  # noqa: S608
            " JOIN conversations_conversation c ON c.id = k.id"
        )
        ((looked_at, number),) = ask(text, [*rest.values, *run.values])
        return Counted(min(number, most), looked_at < look_at and number < most)


def _numbered(pk: int | None) -> Sequence[int]:
    """A number, and that of the conversation that it was joined into."""
    sql = "SELECT joined_into_id FROM conversations_conversation WHERE id = %s"
    return [one for one in (pk, *(into for (into,) in ask(sql, [pk]))) if one is not None]


def _counting(found: Sequence[Sql], most: int) -> Sql:
    parts = [
        f"SELECT * FROM (SELECT 1 FROM conversations_conversation c WHERE {walk.text}"  # noqa: S608
        " LIMIT %s) AS part"
        for walk in found
    ]
    values = [value for walk in found for value in (*walk.values, most)]
    return Sql(f"{' UNION ALL '.join(parts)} LIMIT %s", (*values, most))


def _count(found: Sql) -> int:
    ((number,),) = ask(f"SELECT COUNT(*) FROM ({found.text}) AS counted", found.values)  # noqa: S608
    return int(number)


def _counted(number: int, most: int) -> Counted:
    return Counted(number, number < most)


def finder(text: str, names: Names, order: str = "") -> Finder:
    """A question that is known to make sense: one of the house's own views."""
    return Finder(understand(text, names.agent, names), order)


@dataclass(frozen=True)
class View:
    """One list that every desk has: what stands in it, as one would ask for it."""

    name: str
    question: str


VIEWS = {
    view.name: view
    for view in (
        View("waiting", "is:waiting"),
        View("mine", "is:open is:mine"),
        View("unassigned", "is:open is:unassigned"),
        View("open", "is:open"),
        View("snoozed", "is:snoozed"),
        View("undelivered", "is:undelivered"),
        View("resolved", "is:resolved"),
        View("spam", "is:spam"),
    )
}
COUNTED = ("waiting", "mine", "unassigned", "open")


def inbox_page(agent: Agent, view: View, after: str = "", order: str = "") -> Found:
    """One page of a view as this agent may see it."""
    return finder(view.question, Names(agent), order).page(after)


def counts(agent: Agent) -> dict[str, int]:
    """How many stand in each view that is worked through, in one query."""
    asked = _counts_of_all(agent.pk) if agent.sees_everything() else _counts(Names(agent))
    return dict(ask(asked.text, asked.values))


@lru_cache(maxsize=1000)
def _counts_of_all(agent: int) -> Sql:
    """Of everything, where nobody's inboxes need be looked up: always the same question."""
    return _counts(Names(Agent(pk=agent, role=Agent.Role.OWNER)))


def _counts(names: Names) -> Sql:
    parts: list[str] = []
    values: list[Any] = []
    for name in COUNTED:
        found = walks(finder(VIEWS[name].question, names).shape)
        counting = _counting(found, MOST_COUNTED) if found else Sql("SELECT 1 WHERE 1=0")
        parts.append(f"SELECT '{name}', COUNT(*) FROM ({counting.text}) AS counted")  # noqa: S608
        values += counting.values
    return Sql(" UNION ALL ".join(parts), tuple(values))
