"""One port for everything: the live feed is held here, all else is Django's over WSGI.

Django's own ASGI handler is never used: it is many times slower than its WSGI one
(docs/performance.md).
"""

import gc
from typing import Any

from a2wsgi import WSGIMiddleware

from makegood.config.bodies import Bodies, Refusal
from makegood.config.lanes import Gates, TooMany, is_of_visitors
from makegood.config.wsgi import application as pages
from makegood.desk.live.stream import live_feed
from makegood.portal.chat.live import is_for_visitors, network_in, visitor_feed

THREADS = 8
THREADS_FOR_VISITORS = 3
gc.set_threshold(10_000, 20, 20)  # a page makes many things that do not outlive it
PLAIN = [
    (b"content-type", b"text/plain"),
    (b"content-security-policy", b"default-src 'none'"),
    (b"cache-control", b"no-store"),
]

COME_LATER = [
    *PLAIN,
    (b"retry-after", b"2"),
    (b"access-control-allow-origin", b"*"),  # it says nothing, and any page may know that
    (b"access-control-expose-headers", b"Retry-After"),
]

_desk: Any = WSGIMiddleware(pages, workers=THREADS)  # type: ignore[arg-type]
_visitors: Any = WSGIMiddleware(pages, workers=THREADS_FOR_VISITORS)  # type: ignore[arg-type]
_bodies, _gates = Bodies(), Gates()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The ASGI application that granian serves."""
    if scope["type"] == "lifespan":
        await _live_and_die(receive, send)
    elif scope["type"] == "http" and scope["path"] == "/live/" and scope["method"] == "GET":
        await live_feed(scope, receive, send)
    elif scope["type"] == "http" and is_for_visitors(scope):
        await visitor_feed(scope, receive, send)
    elif scope["type"] == "http" and is_of_visitors(scope["path"]):
        await _visited(scope, _as_coroutine(receive), _as_coroutine(send))
    elif scope["type"] == "http":
        await _page(scope, _as_coroutine(receive), _as_coroutine(send), _desk)


async def _visited(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """A page for somebody of the shop's visitors, in their turn."""
    try:
        async with _gates.passed(network_in(scope)):
            await _page(scope, receive, send, _visitors)
    except TooMany:
        await _gates.linger()
        await _say(send, 429, COME_LATER)


async def _say(send: Any, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _page(scope: dict[str, Any], receive: Any, send: Any, lane: Any) -> None:
    """Ask Django for a page, once everything that was sent with the request is here."""
    try:
        body = await _bodies.whole(receive)
    except Refusal as refusal:
        if refusal.status:
            await _say(send, refusal.status, PLAIN)
        return
    # An underscore passes for a dash in WSGI: nobody may forge what a proxy says of them.
    headers = [(name, value) for name, value in scope["headers"] if b"_" not in name]
    try:
        await lane({**scope, "headers": headers}, body.receive, send)
    finally:
        body.close()


def _as_coroutine(awaitable: Any) -> Any:
    """granian hands out awaitables; a2wsgi passes coroutines between threads, and only those."""

    async def call(*arguments: Any) -> Any:
        return await awaitable(*arguments)

    return call


async def _live_and_die(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
