"""The worker process: what happens without anybody looking at a page.

Each kind of work is a loop in a thread of its own, so that a slow mail server holds up
nobody's follower. One ear listens for commits and wakes them all; without news each looks
again after its own pause.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections, connection

from makegood.ledger.wakeup import Waiter

log = logging.getLogger(__name__)

LONGEST_REST = 15.0
HELPER_RESTS = 5.0

Helper = Callable[[threading.Event], None]


class Bell:
    """Rings when something was committed; whoever waits looks for work."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._rung = 0
        self.is_ending = threading.Event()

    def ring(self) -> None:
        with self._news:
            self._rung += 1
            self._news.notify_all()

    def rung(self) -> int:
        """How often it has rung so far."""
        with self._news:
            return self._rung

    def wait(self, heard: int, timeout: float) -> None:
        """Until it has rung more often than was heard, or the timeout."""
        with self._news:
            self._news.wait_for(lambda: self._rung > heard or self.is_ending.is_set(), timeout)

    def end(self) -> None:
        self.is_ending.set()
        self.ring()


@dataclass
class Loop:
    """One kind of work: `step` does some of it and says how much; none means rest."""

    name: str
    step: Callable[[], int]
    pause: float = 5.0
    gap: float = 0.25
    """At least so many seconds lie between two looks that find nothing: where news come without
    a pause, what each loop asks in vain would take the database from whoever waits for it."""

    def run(self, bell: Bell) -> None:
        rest = 1.0
        while not bell.is_ending.is_set():
            heard, began = bell.rung(), time.monotonic()
            try:
                did = self.step()
                rest = 1.0
            except Exception:
                # The one place that catches everything: other loops must go on.
                log.exception(
                    "A worker's loop failed; it rests and tries again.",
                    extra={"part": self.name},
                )
                connection.close()
                bell.is_ending.wait(rest)
                rest = min(rest * 2, LONGEST_REST)
                continue
            if not did:
                close_old_connections()
                bell.wait(heard, self.pause)
                bell.is_ending.wait(max(0.0, began + self.gap - time.monotonic()))
        connection.close()


def listen_for_commits(bell: Bell) -> None:
    """The ear: one connection that waits for commits on behalf of all loops."""
    waiter = Waiter()
    while not bell.is_ending.is_set():
        try:
            if waiter.wait(1.0):
                bell.ring()
        except Exception:
            log.exception("The worker cannot hear commits; it tries again.")
            connection.close()
            waiter.close()
            waiter = Waiter()
            bell.is_ending.wait(1.0)
    waiter.close()
    connection.close()


def _kept_up(helper: Helper, ending: threading.Event) -> None:
    """Run a helper, and again where it falls: without it no mail would come in any more."""
    while not ending.is_set():
        try:
            helper(ending)
            return
        except Exception:
            log.exception("A helper fell; it starts again.", extra={"part": helper.__name__})
            connection.close()
            ending.wait(HELPER_RESTS)


def work(loops: list[Loop], helpers: list[Helper]) -> None:
    """Run until asked to end. Helpers hold connections of their own (listener, mailboxes)."""
    bell = Bell()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: bell.end())
    threads = [threading.Thread(target=loop.run, args=[bell], name=loop.name) for loop in loops]
    threads += [
        threading.Thread(target=_kept_up, args=[helper, bell.is_ending], name=helper.__name__)
        for helper in helpers
    ]
    threads.append(threading.Thread(target=listen_for_commits, args=[bell], name="ear"))
    for thread in threads:
        thread.daemon = True
        thread.start()
    bell.is_ending.wait()
    for thread in threads:
        thread.join(timeout=15)
