"""Pages of the desk against the bare limit, under the same server."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from makegood.bench.figures import Figure, figure, in_turns
from makegood.bench.serving import Browser, served
from makegood.conversations.finding import VIEWS, inbox_page
from makegood.conversations.models import Conversation
from makegood.conversations.searching import scope_of
from makegood.sample.writing import COMMON_WORD, RARE_WORD
from makegood.search.queries import find
from makegood.team.models import Agent

DEEP = 5
"""How many pages of settled conversations lie before the later page that is measured."""


def inbox(rounds: int) -> Iterator[Figure]:
    agent = an_agent()
    later, at, number = _later_page(agent)
    with served() as port:
        get = Browser(port, agent).get
        first, bare, deep, bare_deep = in_turns(
            [
                lambda: get("/inbox/waiting/"),
                lambda: get(f"/bare/inbox?agent={agent.pk}"),
                lambda: get(f"/inbox/resolved/?after={later}"),
                lambda: get(f"/bare/later?agent={agent.pk}&at={quote(at)}&id={number}"),
            ],
            rounds,
        )
    yield figure("inbox.first_page", first, "ms", bare, rounds)
    yield figure("inbox.later_page", deep, "ms", bare_deep, rounds)
    yield figure("inbox.queries", _queries(agent, "/inbox/waiting/"), "queries", 12)


def conversation(rounds: int) -> Iterator[Figure]:
    agent = an_agent()
    pk = a_usual_conversation()
    with served() as port:
        get = Browser(port, agent).get
        page, bare = in_turns(
            [lambda: get(f"/conversations/{pk}/"), lambda: get(f"/bare/conversation?pk={pk}")],
            rounds,
        )
    yield figure("conversation.page", page, "ms", bare, rounds)
    yield figure("conversation.queries", _queries(agent, f"/conversations/{pk}/"), "queries", 15)


def search(rounds: int) -> Iterator[Figure]:
    agent = an_agent()
    with served() as port:
        get = Browser(port, agent).get
        ours = [_asks(get, f"/search/?q={word}") for word in (COMMON_WORD, RARE_WORD)]
        bare = [
            _asks(get, f"/bare/search?q={word}&agent={agent.pk}")
            for word in (COMMON_WORD, RARE_WORD)
        ]
        common, rare, bare_common, bare_rare = in_turns([*ours, *bare], rounds)
    yield figure("search.first_page", common, "ms", bare_common, rounds)
    yield figure("search.rare_word", rare, "ms", bare_rare, rounds)
    yield from _index_alone(agent, rounds)


def _asks(get: Callable[[str], bytes], path: str) -> Callable[[], bytes]:
    return lambda: get(path)


def _index_alone(agent: Agent, rounds: int) -> Iterator[Figure]:
    """The search without its page, against the index's own query with nothing around it."""
    scope = scope_of(agent)
    for name, word in (("search.index_common", COMMON_WORD), ("search.index_rare", RARE_WORD)):
        acts = [partial(find, word, scope=scope), partial(_bare_index, word)]
        ours, bare = in_turns(acts, rounds)
        yield figure(name, ours, "ms", bare, rounds)


def _bare_index(word: str) -> Any:
    if connection.vendor == "postgresql":
        sql = "SELECT id FROM search_words WHERE words @@ %s::tsquery ORDER BY id DESC LIMIT 51"
        asked = f"'{word}':*"
    else:
        sql = (
            "SELECT rowid FROM search_words WHERE search_words MATCH %s"
            " ORDER BY rowid DESC LIMIT 51"
        )
        asked = f'"{word}"*'
    with connection.cursor() as cursor:
        cursor.execute(sql, [asked])
        return cursor.fetchall()


def an_agent() -> Agent:
    return Agent.objects.filter(role=Agent.Role.OWNER, is_active=True).order_by("pk")[0]


def _later_page(agent: Agent) -> tuple[str, str, int]:
    after, rows = "", []
    for _page in range(DEEP):
        found = inbox_page(agent, VIEWS["resolved"], after)
        after, rows = found.next, list(found.rows)
        if not after:
            raise RuntimeError("This desk is too small for a later page.")
    at = connection.ops.adapt_datetimefield_value(rows[-1].last_at)
    return after, str(at), rows[-1].pk


def an_open_conversation() -> int:
    """One that can be answered: by e-mail, in the middle of those that are open."""
    open_ones = Conversation.objects.filter(status="open", inbox__kind="email").order_by("pk")
    return open_ones[open_ones.count() // 2].pk


def a_usual_conversation() -> int:
    """One in the middle of the desk, as long as most are."""
    middle = Conversation.objects.count() // 2
    near = Conversation.objects.filter(pk__gte=middle).order_by("pk")[:200]
    return next(one.pk for one in near if one.messages.count() == 6)


def _queries(agent: Agent, path: str) -> int:
    client = Client()
    client.force_login(agent)
    client.get(path, HTTP_HOST="127.0.0.1")
    with CaptureQueriesContext(connection) as captured:
        client.get(path, HTTP_HOST="127.0.0.1")
    return len(captured)
