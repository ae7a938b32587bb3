"""What a page says, taken off its thread at once: who reads slowly holds no thread.

Pages are made by a few threads, and a page that waits until its reader has taken it would hold
one: a handful of readers who take nothing, and nobody gets a page any more. So a page is written
here, in memory and then on the disk, and passed on as fast as its reader takes it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from tempfile import SpooledTemporaryFile
from typing import IO, Any

Send = Callable[[dict[str, Any]], Awaitable[None]]

IN_MEMORY = 256 * 1024
"""What is smaller is passed on in one piece once it is whole."""
MOST_TOGETHER = 1024 * 1024 * 1024
"""Of everything in this process that was not taken yet; beyond that a page waits for its reader."""
PIECE = 64 * 1024
SECONDS = 60.0
"""Who takes no piece for so long is left."""


class Answers:
    """Those that are under way in this process, counted together."""

    def __init__(self) -> None:
        self.held = 0

    def begin(self) -> "Answer":
        return Answer(self)


class Answer:
    """One page on its way to its reader."""

    def __init__(self, among: Answers) -> None:
        self.among = among
        self.head: dict[str, Any] | None = None
        self.size = 0
        self.taken = 0
        self.is_whole = False
        self.is_left = False
        """Nobody takes it any more: what comes is dropped."""
        self._news = asyncio.Event()
        self._file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # closed below

    async def take(self, message: dict[str, Any]) -> None:
        """As ASGI's `send`, for whoever makes the page: it waits for nobody, mostly."""
        if message["type"] == "http.response.start":
            self.head = message
            return
        if self.is_left:
            return
        self._keep(message.get("body", b""))
        self.is_whole = not message.get("more_body", False)
        if self.is_whole or self.size - self.taken > IN_MEMORY:
            self._news.set()
        while self.among.held > MOST_TOGETHER and self.size - self.taken > PIECE:
            await asyncio.sleep(0.05)  # ends at the latest when its reader is left

    async def pass_on(self, send: Send) -> None:
        """Hand it on until it is whole and taken. Raises `TimeoutError` where it is not taken."""
        try:
            await self._news.wait()
            await send(self.head or {})
            await self._pass_on(send)
        finally:
            self.close()

    async def _pass_on(self, send: Send) -> None:
        while True:
            piece = self._next()
            is_last = self.is_whole and self.taken == self.size
            if piece or is_last:
                async with asyncio.timeout(SECONDS):
                    await send(
                        {"type": "http.response.body", "body": piece, "more_body": not is_last}
                    )
            if is_last:
                return
            if self.taken == self.size:
                self._news.clear()
                if not self.is_whole:
                    await self._news.wait()

    def close(self) -> None:
        """Nobody takes the rest."""
        self.is_left = True
        self.among.held -= self.size - self.taken
        self.taken = self.size
        self._file.close()

    def _keep(self, piece: bytes) -> None:
        self._file.seek(self.size)
        self._file.write(piece)
        self.size += len(piece)
        self.among.held += len(piece)

    def _next(self) -> bytes:
        self._file.seek(self.taken)
        piece = self._file.read(min(self.size - self.taken, PIECE))
        self.taken += len(piece)
        self.among.held -= len(piece)
        return piece
