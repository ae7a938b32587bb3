"""What can be asked for of conversations, because we know it: what is promised there, by when."""

from collections.abc import Callable
from datetime import datetime

from makegood.conversations.knowing import knows_choice, knows_column
from makegood.conversations.sql import Sql, moment_value
from makegood.promises.models import Promise

PROMISED = "SELECT q.conversation_id FROM promises_promise q WHERE"
STANDS = "q.settled_at IS NULL"
BY_STATE = {
    "open": STANDS,
    "at-risk": f"{STANDS} AND q.state = 'open' AND q.rests_since IS NULL"
    " AND q.warned_at IS NOT NULL",
    "broken": f"{STANDS} AND q.state = 'broken'",
    "resting": f"{STANDS} AND q.rests_since IS NOT NULL",
}
NEXT_DUE = (
    "(SELECT MIN(q.due_at) FROM promises_promise q WHERE q.conversation_id = c.id"
    " AND q.settled_at IS NULL AND q.rests_since IS NULL)"
)
HURRY = (
    "(SELECT MIN(q.state || ' ' || q.due_at) FROM promises_promise q"
    " WHERE q.conversation_id = c.id AND q.settled_at IS NULL AND q.rests_since IS NULL"
    " AND (q.state = 'broken' OR q.warned_at IS NOT NULL))"
)
"""The one that presses most, as `broken` or `open` and when it is due: broken goes before open."""


def _always(condition: str) -> Callable[[datetime], Sql]:
    return lambda _now: Sql(f"{PROMISED} {condition}")


def _of_kind(kind: str) -> Callable[[datetime], Sql]:
    return lambda _now: Sql(f"{PROMISED} {STANDS} AND q.kind = %s", (kind,))


def _today(condition: str) -> Callable[[datetime], Sql]:
    def select(now: datetime) -> Sql:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return Sql(f"{PROMISED} {condition}", (moment_value(midnight),))

    return select


for state, condition in BY_STATE.items():
    knows_choice("promise", state, _always(condition))
for kind in Promise.Kind.values:
    knows_choice("promise", kind, _of_kind(kind))
knows_choice("promise", "broken-today", _today("q.broken_at >= %s"))
knows_choice("promise", "kept-today", _today("q.state = 'kept' AND q.settled_at >= %s"))
knows_column("due", NEXT_DUE)
knows_column("hurry", HURRY)
