"""A request's body, taken in whole before a page is asked.

Pages run in a few threads. A sender who dribbles would hold one for as long as it likes, and
one who leaves in the middle would be heard as if it had finished: half an answer would go
out to a customer. So the body is read here, bounded in size and in time, and what is not
complete is never passed on.
"""

import asyncio
from collections.abc import Awaitable, Callable
from tempfile import SpooledTemporaryFile
from typing import IO, Any

Receive = Callable[[], Awaitable[dict[str, Any]]]

MOST_BYTES = 64 * 1024 * 1024
MOST_TOGETHER = 1024 * 1024 * 1024
"""Of all bodies that are under way in this process."""
IN_MEMORY = 128 * 1024
SECONDS = 120.0
_PIECE = 256 * 1024


class Refusal(Exception):
    """The body is not taken; `status` says why. 0 where nobody is there to be told."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Bodies:
    """Those that are under way in this process, counted together."""

    def __init__(self) -> None:
        self.held = 0

    async def whole(self, receive: Receive) -> "Body":
        """Read a body to its end. Raises `Refusal`."""
        body = Body(self)
        try:
            async with asyncio.timeout(SECONDS):
                while await self._more(body, receive):
                    pass
        except TimeoutError:
            body.close()
            raise Refusal(408) from None
        except BaseException:
            body.close()
            raise
        body.file.seek(0)
        return body

    async def _more(self, body: "Body", receive: Receive) -> bool:
        message = await receive()
        if message["type"] != "http.request":
            raise Refusal(0)
        piece = message.get("body", b"")
        body.size += len(piece)
        self.held += len(piece)
        if body.size > MOST_BYTES:
            raise Refusal(413)
        if self.held > MOST_TOGETHER:
            raise Refusal(503)
        body.file.write(piece)
        return bool(message.get("more_body", False))


class Body:
    """One body, kept until its page has read it."""

    def __init__(self, among: Bodies) -> None:
        self.among = among
        self.size = 0
        self.told = 0
        self.file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # closed below

    async def receive(self) -> dict[str, Any]:
        """The body again, in pieces, for whoever asks in ASGI's way."""
        piece = self.file.read(_PIECE)
        self.told += len(piece)
        return {"type": "http.request", "body": piece, "more_body": self.told < self.size}

    def close(self) -> None:
        self.among.held -= self.size
        self.size = 0
        self.file.close()
