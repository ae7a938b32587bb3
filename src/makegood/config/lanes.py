"""Whose turn it is to have a page made: visitors never stand before whoever works at the desk.

Pages are made by a few threads. If everybody stood in one line for them, a flood of visitors would
stand before every agent. So what visitors ask for has threads of its own, few enough to leave the
machine to the desk; and of each network only some are let in at once, so that a flood from one
stands before itself alone.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

FOR_VISITORS = ("/chat/", "/write/", "/c/", "/faces/")
"""How the addresses begin that people open who have no place at the desk."""
INSIDE = 3
"""So many requests of one network are answered at once."""
WAITING = 60
"""So many more of it may wait: an office full of people behind one address."""
WAITING_TOGETHER = 2_000
SECONDS = 1.0
"""Who is refused hears it so late: whoever asks again at once asks once a second, not more."""


class TooMany(Exception):
    """Nobody else of this network can wait now."""


@dataclass
class _Gate:
    """The door for one network, while somebody stands there."""

    inside: asyncio.Semaphore
    here: int = 0


@dataclass
class Gates:
    """Lets in so many of each network at once, in the order in which they came."""

    inside: int = INSIDE
    waiting: int = WAITING
    together: int = WAITING_TOGETHER
    here: int = 0
    lingering: int = 0
    _gates: dict[str, _Gate] = field(init=False)

    def __post_init__(self) -> None:
        self._gates = defaultdict(lambda: _Gate(asyncio.Semaphore(self.inside)))

    @asynccontextmanager
    async def passed(self, network: str) -> AsyncIterator[None]:
        """Hold a place inside. Raises `TooMany` where too many of this network wait already."""
        gate = self._gates[network]
        if gate.here >= self.inside + self.waiting or self.here >= self.together:
            if not gate.here:
                del self._gates[network]
            raise TooMany
        gate.here += 1
        self.here += 1
        try:
            async with gate.inside:
                yield
        finally:
            gate.here -= 1
            self.here -= 1
            if not gate.here:
                del self._gates[network]

    async def linger(self) -> None:
        """Let somebody who is refused stand for a while, if there is room to stand."""
        if self.lingering >= self.together:
            return
        self.lingering += 1
        try:
            await asyncio.sleep(SECONDS)
        finally:
            self.lingering -= 1


def is_of_visitors(path: str) -> bool:
    """Whether this address is opened by visitors of the shop."""
    return path.startswith(FOR_VISITORS)
