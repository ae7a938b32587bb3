"""Whose turn it is to have a page made: visitors never stand before whoever works at the desk.

Pages are made by a few threads. If everybody stood in one line for them, a flood of visitors would
stand before every agent. So what visitors ask for has threads of its own, few enough to leave the
machine to the desk; and of each network only some are let in at once, so that a flood from one
stands before itself alone. They wait here and not before the threads: whoever goes while they wait
leaves the line, and nothing is made for nobody.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

Receive = Callable[[], Awaitable[dict[str, Any]]]

FOR_VISITORS = ("/chat/", "/write/", "/c/", "/faces/")
"""How the addresses begin that people open who have no place at the desk."""
THREADS_FOR_VISITORS = 3
INSIDE = 2
"""So many requests of one network are answered at once: one place is left for everybody else."""
WAITING = 60
"""So many more of it may wait: an office full of people behind one address."""
WAITING_TOGETHER = 2_000
SECONDS = 1.0
"""Who is refused hears it so late: whoever asks again at once asks once a second, not more."""


class TooMany(Exception):
    """Nobody else of this network can wait now."""


class Gone(Exception):
    """Whoever waited is not there any more."""


@dataclass
class _Gate:
    """The door for one network, while somebody stands there."""

    inside: asyncio.Semaphore
    here: int = 0


@dataclass
class Gates:
    """Lets in so many of each network at once, in the order in which they came."""

    inside: int = INSIDE
    threads: int = THREADS_FOR_VISITORS
    waiting: int = WAITING
    together: int = WAITING_TOGETHER
    here: int = 0
    lingering: int = 0
    _gates: dict[str, _Gate] = field(init=False)
    _free: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._gates = defaultdict(lambda: _Gate(asyncio.Semaphore(self.inside)))
        self._free = asyncio.Semaphore(self.threads)

    @asynccontextmanager
    async def passed(self, network: str, receive: Receive) -> AsyncIterator[None]:
        """Hold a place inside. Raises `TooMany` where too many of this network wait already, and
        `Gone` where whoever asks goes while they wait; `receive` tells that, as in ASGI.
        """
        gate = self._gates[network]
        if gate.here >= self.inside + self.waiting or self.here >= self.together:
            if not gate.here:
                del self._gates[network]
            raise TooMany
        gate.here += 1
        self.here += 1
        try:
            await self._enter(gate, receive)
            try:
                yield
            finally:
                self._leave(gate)
        finally:
            gate.here -= 1
            self.here -= 1
            if not gate.here:
                del self._gates[network]

    async def _enter(self, gate: _Gate, receive: Receive) -> None:
        if not (gate.inside.locked() or self._free.locked()):
            await self._both(gate)
            return
        entering = asyncio.ensure_future(self._both(gate))
        going = asyncio.ensure_future(_gone(receive))
        try:
            await asyncio.wait({entering, going}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            if entering.done():
                self._leave(gate)
            raise
        finally:
            is_in = entering.done()
            going.cancel()
            entering.cancel()
        if not is_in:
            raise Gone

    async def _both(self, gate: _Gate) -> None:
        await gate.inside.acquire()
        try:
            await self._free.acquire()
        except BaseException:
            gate.inside.release()
            raise

    def _leave(self, gate: _Gate) -> None:
        self._free.release()
        gate.inside.release()

    async def linger(self) -> None:
        """Let somebody who is refused stand for a while, if there is room to stand."""
        if self.lingering >= self.together:
            return
        self.lingering += 1
        try:
            await asyncio.sleep(SECONDS)
        finally:
            self.lingering -= 1


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        """What else is told says nothing of that."""


def is_of_visitors(path: str) -> bool:
    """Whether this address is opened by visitors of the shop."""
    return path.startswith(FOR_VISITORS)
