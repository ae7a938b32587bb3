"""The bare limit: the same rows by one raw query, written with f-strings, and nothing else.

No session, no rights, no template, no layout. What a page costs above this is what the
house adds.
"""

from collections.abc import Callable, Iterable
from html import escape
from typing import Any
from urllib.parse import parse_qs

from django.db import connection

from makegood.bench.bare_views import source_of

ROWS = """
    SELECT c.id, c.subject, c.preview, c.turn, c.turn_since, c.last_at, c.has_attachment,
           c.last_incoming, cu.name, a.name, i.kind,
           (SELECT s.message FROM conversations_seen s
             WHERE s.conversation_id = c.id AND s.agent_id = {agent}),
           (SELECT {words} FROM conversations_conversation_tags ct
              JOIN conversations_tag t ON t.id = ct.tag_id WHERE ct.conversation_id = c.id)
      FROM {source} c
      JOIN customers_customer cu ON cu.id = c.customer_id
      JOIN channels_inbox i ON i.id = c.inbox_id
      LEFT JOIN team_agent a ON a.id = c.assignee_id
     ORDER BY {order}
"""
INBOX = """(SELECT * FROM conversations_conversation WHERE status = 'open' AND turn = 'ours'
    ORDER BY turn, turn_since, id LIMIT 51)"""
LATER = """(SELECT * FROM conversations_conversation WHERE status = 'resolved'
    AND (last_at, id) < ('{at}', {id}) ORDER BY last_at DESC, id DESC LIMIT 51)"""
FOUND_SQLITE = """(SELECT DISTINCT m.* FROM conversations_conversation m JOIN
    (SELECT CAST(substr(x.about, 14) AS INTEGER) AS pk FROM (SELECT rowid FROM search_words
     WHERE search_words MATCH '"{word}"*' ORDER BY rowid DESC LIMIT 51) w
     JOIN search_indexed x ON x.id = w.rowid) f ON f.pk = m.id)"""
FOUND_POSTGRESQL = """(SELECT DISTINCT m.* FROM conversations_conversation m JOIN
    (SELECT CAST(substr(x.about, 14) AS bigint) AS pk FROM (SELECT id FROM search_words
     WHERE words @@ '''{word}'':*'::tsquery ORDER BY id DESC LIMIT 51) w
     JOIN search_indexed x ON x.id = w.id) f ON f.pk = m.id)"""
MESSAGES = """
    SELECT m.author_name, m.direction, m.text, m.at, m.trust, m.delivery_state, c.subject, cu.name
      FROM conversations_message m JOIN conversations_conversation c ON c.id = m.conversation_id
      JOIN customers_customer cu ON cu.id = c.customer_id
     WHERE m.conversation_id = {pk} ORDER BY m.id
"""


def rows_sql(source: str, order: str, agent: int) -> str:
    words = "string_agg(t.name, ' ')" if _is_postgresql() else "group_concat(t.name, ' ')"
    return ROWS.format(agent=agent, words=words, source=source, order=order)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A WSGI application of a few pages; what to show is in the query."""
    asked = {name: one[0] for name, one in parse_qs(environ.get("QUERY_STRING", "")).items()}
    body = PAGES[environ["PATH_INFO"].rpartition("/")[2]](asked).encode()
    headers = [("Content-Type", "text/html"), ("Content-Length", str(len(body)))]
    start_response("200 OK", headers)
    return [body]


def _inbox(asked: dict[str, str]) -> str:
    return _list(rows_sql(INBOX, "c.turn, c.turn_since, c.id", int(asked["agent"])))


def _view(asked: dict[str, str]) -> str:
    source, order = source_of(asked["kind"], asked, is_postgresql=_is_postgresql())
    return _list(rows_sql(source, order, int(asked["agent"])))


def _later(asked: dict[str, str]) -> str:
    source = LATER.format(at=asked["at"], id=int(asked["id"]))
    return _list(rows_sql(source, "c.last_at DESC, c.id DESC", int(asked["agent"])))


def _search(asked: dict[str, str]) -> str:
    found = FOUND_POSTGRESQL if _is_postgresql() else FOUND_SQLITE
    source = found.format(word=asked["q"])
    return _list(rows_sql(source, "c.last_at DESC", int(asked["agent"])))


def _conversation(asked: dict[str, str]) -> str:
    rows = _ask(MESSAGES.format(pk=int(asked["pk"])))
    said = "".join(
        f"<li class='{direction}'><b>{escape(who)}</b> {at} {trust} {state}"
        f"<p>{escape(text)}</p></li>"
        for who, direction, text, at, trust, state, _subject, _name in rows
    )
    return f"<!doctype html><h1>{escape(rows[0][6])}</h1><p>{escape(rows[0][7])}</p><ol>{said}</ol>"


def _still(asked: dict[str, str]) -> str:
    """A page of so many bytes with a field to type in, and nothing that runs."""
    line = "<li>Where is my parcel? It was to come on Friday, and nothing came.</li>"
    lines = line * (int(asked["bytes"]) // len(line))
    return f"<!doctype html><title>Still</title><input autofocus><ol>{lines}</ol>"


PAGES = {
    "still": _still,
    "inbox": _inbox,
    "view": _view,
    "later": _later,
    "search": _search,
    "conversation": _conversation,
}


def _list(sql: str) -> str:
    lines = "".join(
        f"<li><a href='/conversations/{pk}/' class='{'' if (seen or 0) >= incoming else 'unread'}'>"
        f"<b>{escape(name)}</b> <i>{since}</i> <span>{escape(subject)}</span>"
        f"<span>{escape(preview)}</span> {turn} {at} {kind} {'file' if has_file else ''}"
        f" {escape(tags or '')} {escape(who or '')}</a></li>"
        for (
            pk, subject, preview, turn, since, at, has_file, incoming, name, who, kind, seen, tags,
        ) in _ask(sql)[:50]
    )  # fmt: skip
    return f"<!doctype html><title>Inbox</title><ol>{lines}</ol>"


def _ask(sql: str) -> list[tuple[Any, ...]]:
    connection.ensure_connection()
    raw: Any = connection.connection
    found: list[tuple[Any, ...]] = raw.execute(sql).fetchall()
    return found


def _is_postgresql() -> bool:
    return connection.vendor == "postgresql"
