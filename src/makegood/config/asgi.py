"""One port for everything: the live feed is held here, all else is Django's over WSGI.

Django's own ASGI handler is never used: it is many times slower than its WSGI one
(docs/performance.md).
"""

import asyncio
import gc
import logging
from contextlib import suppress
from typing import Any

from a2wsgi import WSGIMiddleware

from makegood.config.answers import Answers
from makegood.config.bodies import Bodies, Refusal
from makegood.config.lanes import THREADS_FOR_VISITORS, Gates, Gone, TooMany, is_of_visitors
from makegood.config.wsgi import application as pages
from makegood.desk.live.stream import live_feed
from makegood.portal.chat.live import is_for_visitors, network_in, visitor_feed

log = logging.getLogger(__name__)

THREADS = 8
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
_bodies, _answers, _gates = Bodies(), Answers(), Gates()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The ASGI application that granian serves."""
    if scope["type"] == "lifespan":
        await _live_and_die(receive, send)
    elif scope["type"] == "http" and scope["path"] == "/live/" and scope["method"] == "GET":
        await live_feed(scope, receive, send)
    elif scope["type"] == "http" and is_for_visitors(scope):
        await visitor_feed(scope, receive, send)
    elif scope["type"] == "http":
        try:
            await _page(scope, _as_coroutine(receive), _as_coroutine(send))
        except Exception:  # the server's own word of it would be said to the reader alone
            log.exception("A page broke outside of Django.", extra={"path": scope["path"]})
            raise


async def _say(send: Any, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _page(scope: dict[str, Any], receive: Any, send: Any) -> None:
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
        if is_of_visitors(scope["path"]):
            async with _gates.passed(network_in(scope), receive):
                passing = await _made({**scope, "headers": headers}, body.receive, send, _visitors)
        else:
            passing = await _made({**scope, "headers": headers}, body.receive, send, _desk)
        # Where its reader took nothing for long, or it broke, the rest is not sent.
        with suppress(TimeoutError, asyncio.CancelledError):
            await passing
    except Gone:
        return
    except TooMany:
        await _gates.linger()
        await _say(send, 503, COME_LATER)  # the chat tries again by itself
    finally:
        body.close()


async def _made(scope: dict[str, Any], receive: Any, send: Any, lane: Any) -> "asyncio.Task[None]":
    """Have the page made in its lane; it is passed on while nobody waits for its reader."""
    answer = _answers.begin()
    passing = asyncio.create_task(answer.pass_on(send))
    try:
        await lane(scope, receive, answer.take)
    finally:
        if not answer.is_whole:  # it broke in the middle, and no more of it comes
            passing.cancel()
    return passing


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
