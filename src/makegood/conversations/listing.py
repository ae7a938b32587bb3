"""The inbox: one page of rows by key, however many conversations there are.

The keys of a page are found by walking one index per inbox (or one for all, for those who
see all), so that the ten-thousandth page costs what the first does. The SQL is written
out: row values keep the walk on the index, which `OR`s would not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.dateparse import parse_datetime

from makegood.channels.queries import inboxes_visible_to
from makegood.conversations.models import Conversation, Seen, Tag
from makegood.customers.models import Handle
from makegood.kit.paging import Page, is_number, mark, unmark
from makegood.team.models import Agent

PAGE = 50
MOST_COUNTED = 1000

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
    tags: tuple[str, ...]

    def is_waiting(self) -> bool:
        return self.status == Conversation.Status.OPEN and self.turn == Conversation.Turn.OURS


def inbox_page(agent: Agent, view: View, after: str = "") -> Page[Row]:
    """One page of a view as this agent may see it. A damaged mark begins at the front."""
    keys = _keys(agent, view, after)
    rows = _rows(agent, [key[-1] for key in keys[:PAGE]])
    if len(keys) <= PAGE:
        return Page(rows=rows)
    return Page(rows=rows, next=mark(*keys[PAGE - 1]))


def counts(agent: Agent) -> dict[str, int]:
    """How many stand in each view, counted no further than `MOST_COUNTED`: one query."""
    scope, values = _scope(agent), {"agent": agent.pk, "most": MOST_COUNTED}
    parts = [
        f"SELECT '{view.name}', COUNT(*) FROM (SELECT 1 FROM conversations_conversation"  # noqa: S608
        f" WHERE {view.where} {scope} LIMIT %(most)s) AS counted"
        for view in VIEWS.values()
        if not view.newest_first
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return dict(cursor.fetchall())


def _scope(agent: Agent) -> str:
    if agent.sees_everything():
        return ""
    pks = [inbox.pk for inbox in inboxes_visible_to(agent)] or [0]
    return f"AND inbox_id IN ({', '.join(str(int(pk)) for pk in pks)})"


def _keys(agent: Agent, view: View, after: str) -> list[tuple[Any, ...]]:
    """The sort keys of one page and one more row, the id last."""
    order = NEWEST if view.newest_first else QUEUE
    values: dict[str, Any] = {"agent": agent.pk, "limit": PAGE + 1}
    beyond = _beyond(view, after, values)
    columns = "last_at, id" if view.newest_first else QUEUE
    one = (
        "SELECT * FROM (SELECT {columns} FROM conversations_conversation"
        " WHERE {where} {scope} {beyond} ORDER BY {order} LIMIT %(limit)s) AS part"
    )
    parts = [
        one.format(columns=columns, where=view.where, scope=scope, beyond=beyond, order=order)
        for scope in _scopes(agent, view)
    ]
    sql = " UNION ALL ".join(parts) + f" ORDER BY {order} LIMIT %(limit)s"
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


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
    values.update(id=key[-1], at=connection.ops.adapt_datetimefield_value(_aware(at)))
    if view.newest_first:
        return "AND (last_at, id) < (%(at)s, %(id)s)"
    values["turn"] = key[0]
    return "AND (turn, turn_since, id) > (%(turn)s, %(at)s, %(id)s)"


def _aware(at: datetime) -> datetime:
    from datetime import UTC  # SQLite gives back what it stored: UTC without saying so

    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _rows(agent: Agent, pks: Sequence[int]) -> Sequence[Row]:
    found: dict[int, dict[str, Any]] = {
        values["pk"]: dict(values)
        for values in Conversation.objects.filter(pk__in=pks).values(
            "pk",
            "subject",
            "preview",
            "status",
            "turn",
            "turn_since",
            "last_at",
            "snoozed_until",
            "assignee_id",
            "has_attachment",
            "last_incoming",
            "customer_id",
            "customer__name",
            "assignee__name",
            "inbox__kind",
            "inbox__name",
        )
    }
    seen = dict(
        Seen.objects.filter(agent=agent, conversation__in=pks).values_list(
            "conversation_id", "message"
        )
    )
    tags = _tags(pks)
    _name_the_nameless(found.values())
    return [_row(found[pk], seen.get(pk, 0), tags.get(pk, ())) for pk in pks if pk in found]


def _name_the_nameless(rows: Iterable[dict[str, Any]]) -> None:
    """Who never gave a name is called by their address."""
    nameless = {row["customer_id"] for row in rows if not row["customer__name"]}
    if not nameless:
        return
    known = Handle.objects.filter(customer__in=nameless).order_by("-pk")
    addresses = dict(known.values_list("customer_id", "address"))
    for row in rows:
        row["customer__name"] = row["customer__name"] or addresses.get(row["customer_id"], "")


def _row(values: dict[str, Any], seen: int, tags: Sequence[str]) -> Row:
    return Row(
        pk=values["pk"],
        subject=values["subject"],
        preview=values["preview"],
        customer=values["customer__name"],
        status=values["status"],
        turn=values["turn"],
        turn_since=values["turn_since"],
        last_at=values["last_at"],
        snoozed_until=values["snoozed_until"],
        assignee_id=values["assignee_id"],
        assignee=values["assignee__name"] or "",
        channel=values["inbox__kind"],
        inbox=values["inbox__name"],
        has_attachment=values["has_attachment"],
        is_unread=values["last_incoming"] > seen,
        tags=tuple(tags),
    )


def _tags(pks: Sequence[int]) -> dict[int, list[str]]:
    through = Tag.objects.filter(conversation__in=pks).values_list("conversation__pk", "name")
    found: dict[int, list[str]] = {}
    for pk, name in through:
        found.setdefault(pk, []).append(name)
    return found


def rows_for(agent: Agent, pks: Sequence[int]) -> Sequence[Row]:
    """Rows for conversations found elsewhere (search): only those that the agent may see."""
    allowed = Conversation.objects.filter(pk__in=pks)
    if not agent.sees_everything():
        allowed = allowed.filter(inbox__in=inboxes_visible_to(agent))
    may = set(allowed.values_list("pk", flat=True))
    return _rows(agent, [pk for pk in pks if pk in may])
