"""The rows of the inbox: what one line shows, read in one query for a page of keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from makegood.channels.models import Inbox
from makegood.channels.queries import inboxes_visible_to
from makegood.conversations.knowing import column
from makegood.conversations.models import Conversation
from makegood.conversations.sql import EVERYTHING, Sql, both, group_words, is_one_of
from makegood.kit.moments import in_utc
from makegood.team.models import Agent

Priority = Conversation.Priority
TROUBLED = (Conversation.Mood.ANGRY, Conversation.Mood.UNHAPPY)
ROWS_KEPT = 4000
"""Rows that a process remembers: what did not change is neither read apart nor written again."""


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
    priority: int
    mood: str
    tags: tuple[str, ...]
    colours: tuple[str, ...] = ()
    """Of each tag, in their order."""
    hurry: str = ""
    """`broken` or `at-risk`, where a promise is."""
    due_at: datetime | None = None
    """When that promise is due."""
    mark: str = ""
    """What else waits here, by a word of whoever puts the list together."""

    def urgency(self) -> str:
        """`urgent` or `high`; what is normal or low bears no mark."""
        return Priority(self.priority).name.lower() if self.priority < Priority.NORMAL else ""

    def sounds(self) -> str:
        """`angry` or `unhappy` while an answer is owed; what is alright bears no mark."""
        return self.mood if self.is_waiting() and self.mood in TROUBLED else ""

    def is_waiting(self) -> bool:
        return self.status == Conversation.Status.OPEN and self.turn == Conversation.Turn.OURS


def read_rows(keys: Sql, order: str, agent: Agent) -> list[Row]:
    """The rows of these keys, in one query."""
    found = ask(_rows_sql(keys.text, order), [*keys.values, agent.pk])
    return [_row(values) for values in found]


def _rows_sql(keys: str, order: str) -> str:
    """Everything that the rows of these keys show, in one query."""
    words = group_words()
    ordered = ", ".join(f"k.{part}" for part in order.split(", "))
    return f"""
        SELECT c.id, c.subject, c.preview, c.status, c.turn, c.turn_since, c.last_at,
               c.snoozed_until, c.assignee_id, c.has_attachment, i.kind, i.name, a.name,
               c.last_incoming > COALESCE(s.message, 0), c.is_undelivered,
               c.priority, c.mood,
               COALESCE(NULLIF(p.name, ''), (SELECT h.address FROM customers_handle h
                         WHERE h.customer_id = p.id ORDER BY h.id LIMIT 1), ''),
               (SELECT {words}(t.colour || ':' || t.name, '\x1f' ORDER BY t.name)
                  FROM conversations_conversation_tags ct
                  JOIN conversations_tag t ON t.id = ct.tag_id WHERE ct.conversation_id = c.id),
               {column("hurry")}
          FROM ({keys}) k
          JOIN conversations_conversation c ON c.id = k.id
          JOIN customers_customer p ON p.id = c.customer_id
          JOIN channels_inbox i ON i.id = c.inbox_id
          LEFT JOIN team_agent a ON a.id = c.assignee_id
          LEFT JOIN conversations_seen s ON s.conversation_id = c.id AND s.agent_id = %s
         ORDER BY {ordered}"""  # noqa: S608


def ask(sql: str, values: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


@lru_cache(maxsize=ROWS_KEPT)
def _row(values: tuple[Any, ...]) -> Row:
    """A row of the database as one of the list; the same values are the same row."""
    (
        pk, subject, preview, status, turn, turn_since, last_at, snoozed_until, assignee_id,
        has_attachment, channel, inbox, assignee, is_unread, is_undelivered, priority, mood,
        customer, tags, hurry,
    ) = values  # fmt: skip
    state, _, due_at = hurry.partition(" ") if hurry else ("", "", "")
    worn = tags.split("\x1f") if tags else []
    return Row(
        pk=pk,
        subject=subject,
        preview=preview,
        customer=customer,
        status=status,
        turn=turn,
        turn_since=in_utc(turn_since),
        last_at=in_utc(last_at),
        snoozed_until=in_utc(snoozed_until) if snoozed_until else None,
        assignee_id=assignee_id,
        assignee=assignee or "",
        channel=channel,
        inbox=inbox,
        has_attachment=bool(has_attachment),
        is_unread=bool(is_unread),
        is_undelivered=bool(is_undelivered),
        priority=priority,
        mood=mood,
        tags=tuple(one.partition(":")[2] for one in worn),
        colours=tuple(one.partition(":")[0] for one in worn),
        hurry="at-risk" if state == "open" else state,
        due_at=in_utc(due_at) if due_at else None,
    )


def rows_for(agent: Agent, pks: Sequence[int]) -> Sequence[Row]:
    """Rows for conversations found elsewhere, in that order: only those that the agent may see."""
    if not pks:
        return []
    where = both([is_one_of("c.id", pks), visible_to(agent)])
    keys = Sql(f"SELECT c.id FROM conversations_conversation c WHERE {where.text}", where.values)  # noqa: S608
    found = {row.pk: row for row in read_rows(keys, "id", agent)}
    return [found[pk] for pk in pks if pk in found]


def visible_to(agent: Agent) -> Sql:
    """The one rule of who sees what, as a condition."""
    return visible_among(agent, () if agent.sees_everything() else inboxes_visible_to(agent))


def visible_among(agent: Agent, inboxes: Sequence[Inbox]) -> Sql:
    """The same, where the inboxes that the agent sees are known."""
    if agent.sees_everything():
        return EVERYTHING
    return is_one_of("c.inbox_id", [inbox.pk for inbox in inboxes])
