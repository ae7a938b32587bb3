"""One command, one tree of processes: everything is loaded once, then forked.

The parent imports the product and freezes it; its children share those pages, so that the
whole of it stays small, and starts in the time of one. A child that dies is replaced: at once
where it had served for a moment; one that dies as it begins rests, and for longer while it keeps
dying so. The parent holds no database connection and reads nothing that came from outside.
"""

import gc
import logging
import os
import select
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)

DRAIN_SECONDS = 20.0
HEALTHY_AFTER = 1.0
FIRST_REST = 0.25
LONGEST_REST = 15.0
LOOKS_EVERY = 0.2


@dataclass
class Child:
    """One process of the tree, and how it fares."""

    name: str
    run: Callable[[], None]
    is_once: bool = False
    pid: int = 0
    started_at: float = 0.0
    rest: float = 0.0
    due_at: float = 0.0

    def start(self) -> None:
        self.pid = os.fork()
        self.started_at = time.monotonic()
        if self.pid == 0:
            _be_a_child(self)

    def has_ended(self, now: float) -> None:
        self.pid = 0
        had_served = now - self.started_at > HEALTHY_AFTER
        self.rest = 0.0 if had_served else min(max(FIRST_REST, self.rest * 2), LONGEST_REST)
        self.due_at = now + self.rest


def _be_a_child(child: Child) -> None:
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    code = 1
    try:
        child.run()
        code = 0
    except KeyboardInterrupt:
        code = 0
    except Exception:
        log.exception("A process failed.", extra={"part": child.name})
    finally:
        logging.shutdown()
        os._exit(code)


class Tree:
    """The parent: starts the children, replaces the dead, and ends them in good order."""

    def __init__(self, children: list[Child]) -> None:
        self.children = children
        self.is_ending = False

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        signal.signal(signal.SIGCHLD, self._wake)
        woken, wakes = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
        gc.collect()
        gc.freeze()
        for child in self.children:
            child.start()
        while not self.is_ending:
            self._reap()
            self._replace()
            if select.select([woken], [], [], LOOKS_EVERY)[0]:
                os.read(woken, 64)
        signal.set_wakeup_fd(-1)
        self._drain()

    def _end(self, _number: int, _frame: object) -> None:
        self.is_ending = True

    def _wake(self, _number: int, _frame: object) -> None:
        """A child ended: the loop hears of it by the pipe, and looks at once."""

    def _reap(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.pid and os.waitpid(child.pid, os.WNOHANG)[0]:
                if not self.is_ending and not child.is_once:
                    log.error("A process ended and is replaced.", extra={"part": child.name})
                child.has_ended(now)

    def _replace(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if not child.pid and not child.is_once and now >= child.due_at and not self.is_ending:
                child.start()

    def _drain(self) -> None:
        """Ask everybody to finish what they hold; insist after `DRAIN_SECONDS`."""
        for child in self.children:
            if child.pid:
                os.kill(child.pid, signal.SIGTERM)
        until = time.monotonic() + DRAIN_SECONDS
        while any(child.pid for child in self.children) and time.monotonic() < until:
            self._reap()
            time.sleep(0.05)
        for child in self.children:
            if child.pid:
                os.kill(child.pid, signal.SIGKILL)
                os.waitpid(child.pid, 0)
