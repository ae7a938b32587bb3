"""How the rows of a question are found: which walks along which index, and what is left to ask.

A walk is a run of one index: one status, perhaps one side's turn, one holder, one inbox. Its
SQL is written out: row values keep a later page on the index, which `OR`s would not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from makegood.asking.tree import Node, Not, Test, Word, conjuncts
from makegood.conversations.conditions import STATES, Conditions
from makegood.conversations.models import Conversation
from makegood.conversations.sql import Sql, both, is_one_of, moment_value
from makegood.kit.paging import is_number, moment_in, unmark

MOST_WALKS = 24
STATUSES = (Conversation.Status.OPEN, Conversation.Status.SNOOZED, Conversation.Status.RESOLVED)
"""What stands in lists: a conversation that was joined is found as the one that it is part of."""
STATUS_OF = {"waiting": "open", "answered": "open"}
TURN_OF = {"waiting": "ours", "answered": "theirs"}


@dataclass(frozen=True, kw_only=True)
class Order:
    """In which order rows stand: what it is called, and the columns that say so."""

    name: str
    columns: str
    comparison: str

    @property
    def names(self) -> list[str]:
        return [part.split()[0] for part in self.columns.split(", ")]

    @property
    def backwards(self) -> str:
        turned = [part.removesuffix(" DESC") for part in self.columns.split(", ")]
        return ", ".join(
            part if f"{part} DESC" in self.columns else f"{part} DESC" for part in turned
        )

    def sorted_by(self, table: str) -> str:
        return ", ".join(f"{table}.{part}" for part in self.columns.split(", "))


ORDERS = {
    order.name: order
    for order in (
        Order(name="longest", columns="turn, turn_since, id", comparison=">"),
        Order(name="urgent", columns="priority, turn, turn_since, id", comparison=">"),
        Order(name="newest", columns="last_at DESC, id DESC", comparison="<"),
        Order(name="oldest", columns="last_at, id", comparison=">"),
    )
}
LEADING: dict[str, list[Any]] = {
    "turn": Conversation.Turn.values,
    "priority": Conversation.Priority.values,
}
"""What may stand in a mark before the moment and the number."""


@dataclass
class Shape:
    """What of a question an index can walk, and the rest."""

    statuses: set[str] = field(default_factory=lambda: set(map(str, STATUSES)))
    turns: set[str] = field(default_factory=lambda: {"ours", "theirs"})
    holder: Sql | None = None
    is_held: bool = False
    """Whether the holder is somebody, of whom there is an index of their own."""
    inboxes: set[int] | None = None
    is_undelivered: bool = False
    """Only what did not get there: few at any time, with an index of their own."""
    without: set[str] = field(default_factory=set)
    """Statuses that were asked not to be there: `-is:resolved`."""
    rest: list[Node] = field(default_factory=list)

    @property
    def runs(self) -> list[str]:
        return sorted(self.statuses - self.without)

    def is_empty(self) -> bool:
        return not (self.runs and self.turns) or self.inboxes == set()


def shape_of(conditions: Conditions) -> Shape:
    shape = Shape()
    if conditions.asks_for_spam:
        shape.statuses |= {"spam"}
    if not conditions.agent.sees_everything():
        shape.inboxes = {inbox.pk for inbox in conditions.understood.names.inboxes}
    for part in conjuncts(conditions.understood.tree):
        is_taken = isinstance(part, Test) and (
            _take_undelivered(shape, part)
            or _take_state(shape, part)
            or _take_holder(shape, part, conditions)
            or _take_inbox(shape, part, conditions)
        )
        if not is_taken and not _take_without(shape, part):
            shape.rest.append(part)
    return shape


def _take_without(shape: Shape, part: Node) -> bool:
    """A status that is not wanted need not be walked. Whose turn it is says nothing of one."""
    if not isinstance(part, Not) or not isinstance(part.part, Test):
        return False
    names = {value.text for value in part.part.values if isinstance(value, Word)}
    is_status = part.part.field in ("status", "is") and names <= set(STATES) - set(STATUS_OF)
    shape.without |= names if is_status else set()
    return is_status


def _take_state(shape: Shape, test: Test) -> bool:
    names = [value.text for value in test.values if isinstance(value, Word)]
    if test.field not in ("status", "is") or not set(names) <= set(STATES):
        return False
    shape.statuses &= {STATUS_OF.get(name, name) for name in names}
    turned = [TURN_OF[name] for name in names if name in TURN_OF]
    if not turned:
        return True
    if len(turned) < len(names):
        return False  # `open,waiting`: the turn says nothing of the others
    shape.turns &= set(turned)
    return True


def _take_undelivered(shape: Shape, test: Test) -> bool:
    if test.field != "is" or test.values != (Word("undelivered"),):
        return False
    shape.is_undelivered = True
    return True


def _take_holder(shape: Shape, test: Test, conditions: Conditions) -> bool:
    value = test.values[0]
    if shape.holder is not None or len(test.values) > 1 or not isinstance(value, Word):
        return False
    is_flag = test.field == "is" and value.text in ("mine", "unassigned")
    if not is_flag and test.field not in ("assignee", "team"):
        return False
    sql = conditions.test(test)
    if len(sql.values) > 1:
        return False
    shape.holder, shape.is_held = sql, bool(sql.values)
    return True


def _take_inbox(shape: Shape, test: Test, conditions: Conditions) -> bool:
    if test.field not in ("inbox", "channel", "to"):
        return False
    found = {
        pk
        for value in test.values
        if isinstance(value, Word)
        for pk in conditions.inboxes(test.field, value)
    }
    shape.inboxes = found if shape.inboxes is None else shape.inboxes & found
    return True


def walks(shape: Shape) -> list[Sql]:
    """One condition for each run of an index that may hold a row of ours."""
    if shape.is_empty():
        return []
    turns = [is_one_of("c.turn", sorted(shape.turns))] if len(shape.turns) == 1 else []
    held = [shape.holder] if shape.holder else []
    if shape.is_undelivered:
        inboxes = [] if shape.inboxes is None else [is_one_of("c.inbox_id", sorted(shape.inboxes))]
        statuses = is_one_of("c.status", shape.runs)
        return [both([Sql("c.is_undelivered"), statuses, *turns, *held, *inboxes])]
    found = []
    for status in shape.runs:
        run = [Sql("c.status = %s", (status,)), *turns, *held]
        found += [both([*run, *scope]) for scope in _scopes(shape)]
    return found


def _scopes(shape: Shape) -> list[list[Sql]]:
    """One walk for those who see all or look at somebody's own; else one walk an inbox."""
    if shape.inboxes is None:
        return [[]]
    pks = sorted(shape.inboxes)
    if shape.is_held or len(pks) * len(shape.runs) > MOST_WALKS:
        return [[is_one_of("c.inbox_id", pks)]]
    return [[is_one_of("c.inbox_id", [pk])] for pk in pks]


def keys(found: Sequence[Sql], order: Order, beyond: Sql | None, limit: int) -> Sql:
    """The keys of so many rows in their order, each walked off its index."""
    columns = ", ".join(f"c.{name}" for name in order.names)
    parts, values = [], []
    for walk in found:
        where = both([walk, beyond]) if beyond else walk
        parts.append(
            f"SELECT * FROM (SELECT {columns} FROM conversations_conversation c"  # noqa: S608
            f" WHERE {where.text} ORDER BY {order.sorted_by('c')} LIMIT %s) AS part"
        )
        values += [*where.values, limit]
    text = " UNION ALL ".join(parts)
    return Sql(f"{text} ORDER BY {order.columns} LIMIT %s", (*values, limit))


def beyond(order: Order, after: str) -> Sql | None:
    """What lies behind the last row seen. A damaged mark begins at the front."""
    key = unmark(after, len(order.names))
    at = moment_in(key[-2]) if key else None
    if key is None or at is None or not is_number(key[-1]):
        return None
    before = key[:-2]
    if not all(_may_lead(name, part) for name, part in zip(order.names, before, strict=False)):
        return None
    columns = ", ".join(f"c.{name}" for name in order.names)
    places = ", ".join(["%s"] * len(order.names))
    values = (*before, moment_value(at), key[-1])
    return Sql(f"({columns}) {order.comparison} ({places})", values)


def _may_lead(name: str, part: Any) -> bool:
    return not isinstance(part, bool) and part in LEADING[name]
