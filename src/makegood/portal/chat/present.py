"""Which visitors sit before an open chat: the process that holds their feeds says so."""

import asyncio
import logging
from collections import Counter

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from makegood.chat.models import Visitor

log = logging.getLogger(__name__)

EVERY = 20.0
AT_ONCE = 500


class Present:
    """The visitors with an open feed here; once in a while they are written down, together."""

    def __init__(self) -> None:
        self._open: Counter[int] = Counter()
        self._telling: asyncio.Task[None] | None = None

    def enter(self, visitor: int) -> None:
        self._open[visitor] += 1
        if self._telling is None or self._telling.done():
            self._telling = asyncio.get_running_loop().create_task(self._tell())

    def leave(self, visitor: int) -> None:
        self._open[visitor] -= 1
        if self._open[visitor] <= 0:
            del self._open[visitor]

    async def _tell(self) -> None:
        while self._open:
            await asyncio.sleep(EVERY)
            await asyncio.to_thread(_write_down, list(self._open))


def _write_down(visitors: list[int]) -> None:
    """They are still there. That need not survive anything, and no page waits for it."""
    close_old_connections()
    try:
        for start in range(0, len(visitors), AT_ONCE):
            some = visitors[start : start + AT_ONCE]
            Visitor.objects.filter(pk__in=some).update(seen_at=timezone.now())
    except DatabaseError:
        log.warning("Who is in the chat was not written down.", exc_info=True)


present = Present()
