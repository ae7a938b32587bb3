"""One port for everything: the live feed is held here, all else is Django's over WSGI.

Django's own ASGI handler is never used: it is many times slower than its WSGI one
(docs/performance.md).
"""

from typing import Any

from a2wsgi import WSGIMiddleware

from makegood.config.wsgi import application as pages
from makegood.desk.live.stream import live_feed

THREADS = 8

_wsgi: Any = WSGIMiddleware(pages, workers=THREADS)  # type: ignore[arg-type]


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The ASGI application that granian serves."""
    if scope["type"] == "lifespan":
        await _live_and_die(receive, send)
    elif scope["type"] == "http" and scope["path"] == "/live/" and scope["method"] == "GET":
        await live_feed(scope, receive, send)
    elif scope["type"] == "http":
        await _wsgi(scope, _as_coroutine(receive), _as_coroutine(send))


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
