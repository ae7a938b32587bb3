"""One port for everything: the live feed is held here, all else is Django's over WSGI.

Django's own ASGI handler is never used: it is many times slower than its WSGI one
(docs/performance.md).
"""

import gc
from typing import Any

from a2wsgi import WSGIMiddleware

from makegood.config.bodies import Bodies, Refusal
from makegood.config.wsgi import application as pages
from makegood.desk.live.stream import live_feed
from makegood.portal.chat.live import is_for_visitors, visitor_feed

THREADS = 8
gc.set_threshold(10_000, 20, 20)  # a page makes many things that do not outlive it
PLAIN = [
    (b"content-type", b"text/plain"),
    (b"content-security-policy", b"default-src 'none'"),
    (b"cache-control", b"no-store"),
]

_wsgi: Any = WSGIMiddleware(pages, workers=THREADS)  # type: ignore[arg-type]
_bodies = Bodies()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The ASGI application that granian serves."""
    if scope["type"] == "lifespan":
        await _live_and_die(receive, send)
    elif scope["type"] == "http" and scope["path"] == "/live/" and scope["method"] == "GET":
        await live_feed(scope, receive, send)
    elif scope["type"] == "http" and is_for_visitors(scope):
        await visitor_feed(scope, receive, send)
    elif scope["type"] == "http":
        await _page(scope, _as_coroutine(receive), _as_coroutine(send))


async def _page(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Ask Django for a page, once everything that was sent with the request is here."""
    try:
        body = await _bodies.whole(receive)
    except Refusal as refusal:
        if refusal.status:
            await send({"type": "http.response.start", "status": refusal.status, "headers": PLAIN})
            await send({"type": "http.response.body", "body": b""})
        return
    # An underscore passes for a dash in WSGI: nobody may forge what a proxy says of them.
    headers = [(name, value) for name, value in scope["headers"] if b"_" not in name]
    try:
        await _wsgi({**scope, "headers": headers}, body.receive, send)
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
