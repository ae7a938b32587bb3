"""The live feed of visitors: that there is something new, never what. Held outside Django's pages.

A browser's `fetch` reads it as a stream, because only that can send the secret in a header.
Thousands may be open: each waits for one conversation, and asks the database only when
something happened there.
"""

import asyncio
import json
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs

from django.db import close_old_connections
from django.http import Http404
from django.utils import timezone

from makegood.chat.queries import Standing, chat_inbox, standing_for, visitor_with
from makegood.customers.models import Handle
from makegood.live.hub import Listener, hub
from makegood.live.news import News
from makegood.live.streaming import BEAT, HEADERS, Receive, Send, refuse, stream, write
from makegood.portal.chat.doors import may_ask, secret_in
from makegood.portal.chat.present import present
from makegood.portal.chat.rush import ANYTHING, seated
from makegood.portal.networks import network_at

MOST_WAITING = 50
COME_LATER = (b"retry-after", b"30")


@dataclass(slots=True)
class Sitting:
    """One open page of a visitor, and what it was told last."""

    visitor: int
    handle: Handle
    standing: Standing
    proven: Handle | None = None
    typing: str = ""

    def look(self) -> bool:
        """Look again how it stands; whether that is news. Asks the database."""
        close_old_connections()
        standing = standing_for(self.visitor, self.handle, self.proven)
        if standing is None or standing == self.standing:
            return False
        self.standing = standing
        return True

    @property
    def topic(self) -> str:
        return f"conversation:{self.standing.place}"


def is_for_visitors(scope: dict[str, Any]) -> bool:
    path: str = scope["path"]
    return path.startswith("/chat/") and path.endswith("/live/") and path.count("/") == 4


async def visitor_feed(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """`GET /chat/ID/live/?after=17`: news from then on, until the page goes."""
    headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
    origin, public_id = headers.get("origin", ""), scope["path"].split("/")[2]
    secret, network = secret_in(headers.get("authorization", "")), network_in(scope)
    if ANYTHING.wait_for(network):
        await refuse(send, 429, [*_headers(""), COME_LATER])
        return
    status, sitting = await asyncio.to_thread(_sit_down, public_id, origin, secret)
    if scope["method"] == "OPTIONS":
        status = 204 if status != 403 else 403
    if scope["method"] != "GET" or sitting is None:
        await refuse(send, status, _headers(origin if status != 403 else ""))
        return
    with seated(str(sitting.visitor), network) as may_sit:
        if may_sit:
            await _sit(scope, receive, send, sitting, origin)
        else:
            await refuse(send, 429, [*_headers(origin), COME_LATER])


async def _sit(
    scope: dict[str, Any], receive: Receive, send: Send, sitting: Sitting, origin: str
) -> None:
    """Hold the feed open until the page goes."""
    listener = Listener(
        asyncio.get_running_loop(), topic=sitting.topic, queue=asyncio.Queue(MOST_WAITING)
    )
    await asyncio.to_thread(hub.join, listener)
    present.enter(sitting.visitor)
    try:
        feed = _feed(send, sitting, listener, _after(scope))
        await stream(receive, send, _headers(origin), feed)
    finally:
        present.leave(sitting.visitor)
        hub.leave(listener)


def _sit_down(public_id: str, origin: str, secret: str) -> tuple[int, Sitting | None]:
    """Whether a page may listen, and how its conversation stands."""
    close_old_connections()
    try:
        inbox = chat_inbox(public_id)
    except Http404:
        return 404, None
    if not may_ask(inbox, origin):
        return 403, None
    visitor = visitor_with(inbox, secret, timezone.now()) if secret else None
    if visitor is not None and not visitor.may_open(origin):
        return 403, None
    handle = Handle.objects.get(pk=visitor.handle_id) if visitor else None  # it alone is kept
    proven = visitor.proven if visitor else None
    standing = standing_for(visitor.pk, handle, proven) if visitor and handle else None
    if visitor is None or handle is None or standing is None:
        return 204, None  # nothing was said yet, so nothing can be new
    return 200, Sitting(visitor.pk, handle, standing, proven)


def network_in(scope: dict[str, Any]) -> str:
    """The network of whoever asks, from what the server says of them."""
    address = (scope.get("client") or ("",))[0]
    said = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return network_at(address, said[-1].decode("latin-1") if said else "")


def _after(scope: dict[str, Any]) -> int:
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("after", ["0"])[0]
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0


async def _feed(send: Send, sitting: Sitting, listener: Listener, after: int) -> None:
    await write(send, "retry: 500\n\n")
    # What was said between the page's last look and the joining of the hub.
    await asyncio.to_thread(sitting.look)
    if sitting.standing.newest > after:
        await write(send, _news(sitting.standing))
    if sitting.standing.read:
        await write(send, _read(sitting.standing))
    while not listener.is_lost:
        try:
            waited = [await asyncio.wait_for(listener.queue.get(), BEAT)]
        except TimeoutError:
            await write(send, ": beat\n\n")
            continue
        while not listener.queue.empty():
            waited.append(listener.queue.get_nowait())
        await _pass_on(send, sitting, listener, [one for one in waited if one is not None])


async def _pass_on(send: Send, sitting: Sitting, listener: Listener, news: list[News]) -> None:
    for one in news:
        if one.here is not None:
            await _tell_who_types(send, sitting, one)
    before = sitting.standing
    if any(one.here is None for one in news) and await asyncio.to_thread(sitting.look):
        if sitting.topic != listener.topic:
            hub.move(listener, sitting.topic)
        await write(send, _told(sitting.standing, before))


async def _tell_who_types(send: Send, sitting: Sitting, news: News) -> None:
    """An agent writes an answer; that they look, or write a note, is no visitor's business."""
    who = news.here.who if news.here else ()
    typing = next((name for _agent, name, _initials, doing in who if doing == "answer"), "")
    if typing != sitting.typing:
        told = {"name": typing or sitting.typing, "is_typing": bool(typing)}
        sitting.typing = typing
        await write(send, f"event: typing\ndata: {json.dumps(told)}\n\n")


def _told(now: Standing, before: Standing) -> str:
    """What is new: that something was said, how it stands, or how far we have read."""
    if replace(before, read=now.read) == now:
        return _read(now)
    return _news(now) + (_read(now) if now.read != before.read else "")


def _news(now: Standing) -> str:
    told = json.dumps({"seq": now.newest, "status": now.status})
    return f"event: news\nid: {now.newest}\ndata: {told}\n\n"


def _read(now: Standing) -> str:
    return f"event: read\ndata: {json.dumps({'seq': now.read})}\n\n"


def _headers(origin: str) -> list[tuple[bytes, bytes]]:
    headers = [*HEADERS, (b"cross-origin-resource-policy", b"cross-origin"), (b"vary", b"Origin")]
    if origin:
        headers += [
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-allow-headers", b"authorization, content-type"),
            (b"access-control-max-age", b"86400"),
        ]
    return headers
