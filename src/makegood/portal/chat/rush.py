"""What is limited without a row of the database: calls that come often and cost little.

Counted by each process for itself and lost with it, in bounded room: a limit may be met twice
with two processes. What stays behind, messages and files, is counted by `portal.budgets`.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from makegood.portal.chat.refusing import TooFast

MOST_KNOWN = 50_000


@dataclass
class Rush:
    """So many calls in so many seconds."""

    limit: int
    period: float
    _began: float = 0.0
    _counted: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait_for(self, who: str) -> int:
        """Count one call; the seconds to wait, or 0 where it may be."""
        with self._lock:
            now = time.monotonic()
            if now - self._began >= self.period or len(self._counted) > MOST_KNOWN:
                self._counted.clear()
                self._began = now
            self._counted[who] += 1
            if self._counted[who] <= self.limit:
                return 0
            return max(1, round(self._began + self.period - now))

    def refuse(self, who: str) -> None:
        """Count one call. Raises `TooFast`."""
        wait = self.wait_for(who)
        if wait:
            raise TooFast(wait)


@dataclass
class Seats:
    """How many may sit here at once: of one name, and in all. For the event loop alone."""

    each: int
    most: int
    _all: int = 0
    _taken: Counter[str] = field(default_factory=Counter)

    def take(self, who: str) -> bool:
        if self._taken[who] >= self.each or self._all >= self.most:
            return False
        self._taken[who] += 1
        self._all += 1
        return True

    def leave(self, who: str) -> None:
        self._all -= 1
        self._taken[who] -= 1
        if self._taken[who] <= 0:
            del self._taken[who]


ANYTHING = Rush(6_000, 60)
"""Calls of one network, whatever they ask."""
LOOKING = Rush(120, 60)
"""Looks of one browser at what was said."""
TELLING = Rush(60, 60)
"""How often one browser says that it types, or where it is."""
INVITED = Rush(120, 60)
"""How often the browsers of one network tell of invitations."""
NAMING = Rush(20, 60)
"""How often one browser says who sits there, or takes another secret."""

OF_A_VISITOR = Seats(8, 20_000)
OF_A_NETWORK = Seats(1_000, 20_000)


@contextmanager
def seated(visitor: str, network: str) -> Iterator[bool]:
    """A seat for one open feed, until it closes; whether there was one."""
    taken = [(seats, who) for seats, who in ((OF_A_VISITOR, visitor), (OF_A_NETWORK, network))
             if seats.take(who)]  # fmt: skip
    try:
        yield len(taken) == 2
    finally:
        for seats, who in taken:
            seats.leave(who)
