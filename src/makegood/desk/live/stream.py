"""The live feed as an ASGI application: server-sent events, held outside Django's pages.

Every event is checked against what the reader may see now. Rights are asked anew when
somebody's rights changed, and the session at most a minute after it ended.
"""

import asyncio
import json
import time
from dataclasses import asdict
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import parse_cookie

from makegood.ledger.reading import Reader, newest_position
from makegood.live.hub import Listener, hub
from makegood.live.news import News, hearing_of, may_hear, news_of
from makegood.live.streaming import BEAT, HEADERS, Receive, Send, refuse, stream, write
from makegood.team.models import Agent

TRUST_SESSION = 60.0
MOST_MISSED = 500


class Reading:
    """Who reads one stream, and what they may hear of."""

    def __init__(self, session_key: str) -> None:
        self.session_key = session_key
        self.hearing: frozenset[int] = frozenset()
        self.agent = 0
        self.asked_at = 0.0

    def ask(self) -> bool:
        """Look up the session and the rights; whether there is still somebody."""
        close_old_connections()  # no request does it here: a database that came back is found
        agent = agent_of(self.session_key)
        if agent is None:
            return False
        self.hearing, self.agent = hearing_of(agent), agent.pk
        self.asked_at = time.monotonic()
        return True

    def hears(self, news: News) -> bool:
        return news.agent == self.agent if news.agent else may_hear(self.hearing, news)

    def is_stale(self, news: News) -> bool:
        return news.changes_rights or time.monotonic() - self.asked_at > TRUST_SESSION


def agent_of(session_key: str) -> Agent | None:
    """The agent whose session this is, by the same checks as any page makes."""
    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    agent = get_user(SimpleNamespace(session=store))  # type: ignore[arg-type]
    return agent if isinstance(agent, Agent) and agent.is_active else None


def missed_since(after: int) -> list[News]:
    """What a page missed while it was away; at most `MOST_MISSED`, the newest."""
    close_old_connections()
    newest = newest_position()
    return news_of(Reader(max(after, newest - MOST_MISSED)).read(MOST_MISSED))


async def live_feed(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """`GET /live/?after=17`: news from then on, until the page goes."""
    headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
    cookies = parse_cookie(headers.get("cookie", ""))
    reading = Reading(cookies.get(settings.SESSION_COOKIE_NAME, ""))
    is_elsewhere = headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
    if is_elsewhere or not await asyncio.to_thread(reading.ask):
        await refuse(send, 403, HEADERS)
        return
    listener = Listener(asyncio.get_running_loop())
    await asyncio.to_thread(hub.join, listener)
    try:
        feed = _feed(send, reading, listener, _after(scope, headers))
        await stream(receive, send, HEADERS, feed)
    finally:
        hub.leave(listener)


def _missed(after: int) -> list[News]:
    close_old_connections()
    return missed_since(after)


def _after(scope: dict[str, Any], headers: dict[str, str]) -> int:
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("after", ["0"])[0]
    last = headers.get("last-event-id") or asked
    return int(last) if last.isascii() and last.isdigit() and len(last) < 19 else 0


async def _feed(send: Send, reading: Reading, listener: Listener, after: int) -> None:
    await write(send, "retry: 1000\n\n")
    if after:
        await _tell(send, reading, await asyncio.to_thread(_missed, after))
    while not listener.is_lost:
        try:
            waited = [await asyncio.wait_for(listener.queue.get(), BEAT)]
        except TimeoutError:
            await write(send, ": beat\n\n")
            continue
        while not listener.queue.empty():
            waited.append(listener.queue.get_nowait())
        news = [one for one in waited if one is not None]
        if not await _tell(send, reading, news):
            break


async def _tell(send: Send, reading: Reading, news: list[News]) -> bool:
    """Pass on what the reader may hear; False when there is no reader any more."""
    if any(reading.is_stale(one) for one in news) and not await asyncio.to_thread(reading.ask):
        return False
    heard = [one for one in news if reading.hears(one)]
    if heard:
        await write(send, "".join(_line(one) for one in heard))
    return True


def _line(news: News) -> str:
    if news.here:
        return f"event: here\ndata: {json.dumps(asdict(news.here))}\n\n"
    number = f"id: {news.id}\n" if news.id else ""  # what has none is not asked for again
    return f"{number}data: {json.dumps(as_json(news))}\n\n"


def as_json(news: News) -> dict[str, Any]:
    return {"id": news.id, "about": list(news.about)}
