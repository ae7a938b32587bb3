"""A stream ends with its reader, whichever of them notices first, and nobody hears of it."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from makegood.live.streaming import stream, write


class Line:
    """A connection to a page, which closes after so many pieces; the page says so, or not."""

    def __init__(self, *, lasts: int, tells: bool) -> None:
        self.lasts, self.tells = lasts, tells
        self.told: list[dict[str, Any]] = []
        self.closed = asyncio.Event()

    async def send(self, piece: dict[str, Any]) -> None:
        if len(self.told) == self.lasts:
            if self.tells:
                self.closed.set()
            raise RuntimeError("Transport not initialized or closed")
        self.told.append(piece)

    async def receive(self) -> dict[str, Any]:
        await self.closed.wait()
        return {"type": "http.disconnect"}

    async def words(self) -> None:
        for number in range(3):
            await asyncio.sleep(0)
            await write(self.send, f"{number} ")


async def watched(work: Awaitable[None]) -> list[str]:
    """What a task said that nobody listened to."""
    unheard: list[str] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, said: unheard.append(str(said["message"])))
    await work
    for _turn in range(5):
        await asyncio.sleep(0)
    return unheard


def served(lasts: int, *, tells: bool) -> tuple[list[dict[str, Any]], list[str]]:
    async def serve() -> tuple[list[dict[str, Any]], list[str]]:
        line = Line(lasts=lasts, tells=tells)
        unheard = await watched(stream(line.receive, line.send, [], line.words()))
        return line.told, unheard

    return asyncio.run(serve())


def test_what_is_told_to_the_end_is_ended() -> None:
    told, unheard = served(lasts=9, tells=False)
    assert b"".join(one.get("body", b"") for one in told) == b"0 1 2 "
    assert told[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
    assert not unheard


@pytest.mark.parametrize("tells", [True, False])
@pytest.mark.parametrize("lasts", range(5))
def test_a_line_that_is_closed_ends_it(lasts: int, tells: bool) -> None:
    told, unheard = served(lasts, tells=tells)
    assert len(told) == lasts
    assert not unheard


def test_what_else_goes_wrong_is_heard() -> None:
    async def serve() -> None:
        line = Line(lasts=9, tells=False)

        async def broken() -> None:
            raise ValueError("odd")

        await stream(line.receive, line.send, [], broken())

    with pytest.raises(ValueError, match="odd"):
        asyncio.run(serve())
