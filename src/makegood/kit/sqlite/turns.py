"""Whose turn it is to write: in the order in which they came, as nearly as SQLite lets us.

SQLite's own waiting asks ever more seldom the longer somebody has waited, up to ten times a
second: under load the newest gets the turn and the oldest starves (measured: docs/performance.md).
Here one thread of a process asks, a thousand times a second, and the others stand in line
behind it.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Callable

PAUSE = 0.001
_LINE = threading.Lock()
os.register_at_fork(after_in_child=_LINE._at_fork_reinit)  # type: ignore[attr-defined]


def take_turn(begin: Callable[[], object], patience: float) -> None:
    """Begin a transaction that will write. Raises what `begin` raises once patience is over."""
    until = time.monotonic() + patience
    with _LINE:
        while True:
            try:
                begin()
            except sqlite3.OperationalError as error:
                if not _is_taken(error) or time.monotonic() > until:
                    raise
                time.sleep(PAUSE)
            else:
                return


def _is_taken(error: sqlite3.OperationalError) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
