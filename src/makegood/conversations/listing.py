"""The inbox: one page of rows by key, however many conversations there are.

The keys of a page are found by walking one index per inbox (or one for all, for those who
see all), so that the ten-thousandth page costs what the first does. The SQL is written
out: row values keep the walk on the index, which `OR`s would not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils.dateparse import parse_datetime

from makegood.channels.queries import inboxes_visible_to
from makegood.conversations.models import Conversation
from makegood.kit.paging import Page, is_number, mark, unmark
from makegood.team.models import Agent

PAGE = 50
MOST_COUNTED = 1000
ROWS_KEPT = 4000
"""Rows that a process remembers: what did not change is neither read apart nor written again."""

QUEUE = "turn, turn_since, id"
NEWEST = "last_at DESC, id DESC"


@dataclass(frozen=True)
class View:
    """One list of the desk: what stands in it, and in which order."""

    name: str
    where: str
    newest_first: bool = False
    is_mine: bool = False


VIEWS = {
    view.name: view
    for view in (
        View("waiting", "status = 'open' AND turn = 'ours'"),
        View("mine", "status = 'open' AND assignee_id = %(agent)s", is_mine=True),
        View("unassigned", "status = 'open' AND assignee_id IS NULL"),
        View("open", "status = 'open'"),
        View("snoozed", "status = 'snoozed'", newest_first=True),
        View("undelivered", "is_undelivered", newest_first=True),
        View("resolved", "status = 'resolved'", newest_first=True),
    )
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the list: one person, one matter, what was last said."""

    pk: int
    subject: str
    preview: str
    customer: str
    status: str
    turn: str
    turn_since: datetime
    last_at: datetime
    snoozed_until: datetime | None
    assignee_id: int | None
    assignee: str
    channel: str
    inbox: str
    has_attachment: bool
    is_unread: bool
    is_undelivered: bool
    tags: tuple[str, ...]

    def is_waiting(self) -> bool:
        return self.status == Conversation.Status.OPEN and self.turn == Conversation.Turn.OURS


def inbox_page(agent: Agent, view: View, after: str = "") -> Page[Row]:
    """One page of a view as this agent may see it. A damaged mark begins at the front."""
    order = NEWEST if view.newest_first else QUEUE
    values: dict[str, Any] = {"agent": agent.pk, "limit": PAGE + 1}
    keys = _keys(agent, view, _beyond(view, after, values), order)
    found = _ask(_rows_sql(keys, order), values)
    rows = [_row(values) for values in found[:PAGE]]
    if len(found) <= PAGE:
        return Page(rows=rows)
    last = rows[-1]
    key = (last.last_at,) if view.newest_first else (last.turn, last.turn_since)
    return Page(rows=rows, next=mark(*key, last.pk))


def counts(agent: Agent) -> dict[str, int]:
    """How many stand in each view, counted no further than `MOST_COUNTED`: one query."""
    scope, values = _scope(agent), {"agent": agent.pk, "most": MOST_COUNTED}
    parts = [
        f"SELECT '{view.name}', COUNT(*) FROM (SELECT 1 FROM conversations_conversation"  # noqa: S608
        f" WHERE {view.where} {scope} LIMIT %(most)s) AS counted"
        for view in VIEWS.values()
        if not view.newest_first
    ]
    return dict(_ask(" UNION ALL ".join(parts), values))


def _scope(agent: Agent) -> str:
    if agent.sees_everything():
        return ""
    pks = [inbox.pk for inbox in inboxes_visible_to(agent)] or [0]
    return f"AND inbox_id IN ({', '.join(str(int(pk)) for pk in pks)})"


def _keys(agent: Agent, view: View, beyond: str, order: str) -> str:
    """A query for the numbers of one page and one more, each walked off an index."""
    columns = "last_at, id" if view.newest_first else QUEUE
    parts = [
        f"SELECT * FROM (SELECT {columns} FROM conversations_conversation"  # noqa: S608
        f" WHERE {view.where} {scope} {beyond} ORDER BY {order} LIMIT %(limit)s) AS part"
        for scope in _scopes(agent, view)
    ]
    return " UNION ALL ".join(parts) + f" ORDER BY {order} LIMIT %(limit)s"


def _scopes(agent: Agent, view: View) -> list[str]:
    """One walk for those who see all or look at their own; else one walk an inbox."""
    if agent.sees_everything():
        return [""]
    if view.is_mine:
        return [_scope(agent)]
    pks = [inbox.pk for inbox in inboxes_visible_to(agent)] or [0]
    return [f"AND inbox_id = {int(pk)}" for pk in pks]


def _beyond(view: View, after: str, values: dict[str, Any]) -> str:
    key = unmark(after, 2 if view.newest_first else 3)
    if key is None:
        return ""
    try:
        at = parse_datetime(str(key[-2]))
    except ValueError:
        return ""
    if at is None or not is_number(key[-1]) or key[0] not in (*Conversation.Turn.values, key[-2]):
        return ""
    values.update(id=key[-1], at=connection.ops.adapt_datetimefield_value(_moment(at)))
    if view.newest_first:
        return "AND (last_at, id) < (%(at)s, %(id)s)"
    values["turn"] = key[0]
    return "AND (turn, turn_since, id) > (%(turn)s, %(at)s, %(id)s)"


def _rows_sql(keys: str, order: str) -> str:
    """Everything that the rows of these keys show, in one query."""
    words = "string_agg" if connection.vendor == "postgresql" else "group_concat"
    ordered = ", ".join(f"k.{part}" for part in order.split(", "))
    return f"""
        SELECT c.id, c.subject, c.preview, c.status, c.turn, c.turn_since, c.last_at,
               c.snoozed_until, c.assignee_id, c.has_attachment, i.kind, i.name, a.name,
               c.last_incoming > COALESCE(s.message, 0), c.is_undelivered,
               COALESCE(NULLIF(p.name, ''), (SELECT h.address FROM customers_handle h
                         WHERE h.customer_id = p.id ORDER BY h.id LIMIT 1), ''),
               (SELECT {words}(t.name, '\x1f' ORDER BY t.name)
                  FROM conversations_conversation_tags ct
                  JOIN conversations_tag t ON t.id = ct.tag_id WHERE ct.conversation_id = c.id)
          FROM ({keys}) k
          JOIN conversations_conversation c ON c.id = k.id
          JOIN customers_customer p ON p.id = c.customer_id
          JOIN channels_inbox i ON i.id = c.inbox_id
          LEFT JOIN team_agent a ON a.id = c.assignee_id
          LEFT JOIN conversations_seen s ON s.conversation_id = c.id AND s.agent_id = %(agent)s
         ORDER BY {ordered}"""  # noqa: S608


def _ask(sql: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


@lru_cache(maxsize=ROWS_KEPT)
def _row(values: tuple[Any, ...]) -> Row:
    """A row of the database as one of the list; the same values are the same row."""
    (
        pk, subject, preview, status, turn, turn_since, last_at, snoozed_until, assignee_id,
        has_attachment, channel, inbox, assignee, is_unread, is_undelivered, customer, tags,
    ) = values  # fmt: skip
    return Row(
        pk=pk,
        subject=subject,
        preview=preview,
        customer=customer,
        status=status,
        turn=turn,
        turn_since=_moment(turn_since),
        last_at=_moment(last_at),
        snoozed_until=_moment(snoozed_until) if snoozed_until else None,
        assignee_id=assignee_id,
        assignee=assignee or "",
        channel=channel,
        inbox=inbox,
        has_attachment=bool(has_attachment),
        is_unread=bool(is_unread),
        is_undelivered=bool(is_undelivered),
        tags=tuple(tags.split("\x1f")) if tags else (),
    )


def _moment(value: Any) -> datetime:
    """SQLite gives back what it stored: text, in UTC without saying so."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def rows_for(agent: Agent, pks: Sequence[int]) -> Sequence[Row]:
    """Rows for conversations found elsewhere (search): only those that the agent may see."""
    if not pks:
        return []
    numbers = ", ".join(str(int(pk)) for pk in pks)
    keys = f"SELECT id FROM conversations_conversation WHERE id IN ({numbers}) {_scope(agent)}"  # noqa: S608
    found = {values[0]: _row(values) for values in _ask(_rows_sql(keys, "id"), {"agent": agent.pk})}
    return [found[pk] for pk in pks if pk in found]
