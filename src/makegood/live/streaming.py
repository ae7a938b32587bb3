"""What every stream of server-sent events does, whoever reads it."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Feed = Coroutine[Any, Any, None]

BEAT = 15.0
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"private, no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'"),
]


class Gone(Exception):
    """Nobody reads any more: the connection was closed under the hand."""


async def write(send: Send, text: str) -> None:
    """Pass on some words. Raises `Gone` where the server says that there is no way any more."""
    await _send(send, {"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _send(send: Send, told: dict[str, Any]) -> None:
    try:
        await send(told)
    except (RuntimeError, ConnectionError) as error:
        raise Gone from error


async def refuse(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    """Answer with nothing but a status."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def stream(
    receive: Receive, send: Send, headers: list[tuple[bytes, bytes]], feed: Feed
) -> None:
    """Answer with what a feed writes, until it ends or the page closes the connection."""
    with contextlib.closing(feed), contextlib.suppress(Gone):
        await _send(send, {"type": "http.response.start", "status": 200, "headers": headers})
        if await _is_there_after(receive, feed):
            await _send(send, {"type": "http.response.body", "body": b"", "more_body": False})


async def _is_there_after(receive: Receive, feed: Feed) -> bool:
    """Run the feed; whether somebody still reads at its end. Raises what the feed raises."""
    feeding, leaving = asyncio.ensure_future(feed), asyncio.ensure_future(_gone(receive))
    _done, pending = await asyncio.wait({feeding, leaving}, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)  # nobody else would hear what they say
    if feeding in pending:
        return False
    feeding.result()
    return leaving in pending


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
