"""When whoever serves was there again after each kill: nobody can be back before."""

import bisect
import socket
import threading
import time
from types import TracebackType

LOOKS_EVERY = 0.05


class Returns:
    """Looks at a port all the while, and notes when it begins to take connections."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.moments: list[float] = []
        self._over = threading.Event()

    def __enter__(self) -> "Returns":
        threading.Thread(target=self._look, daemon=True).start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._over.set()

    def before(self, moment: float, *, at_least: float) -> float:
        """The last return before a moment; `at_least`, where there was none after that."""
        found = bisect.bisect_left(self.moments, moment)
        return max(at_least, self.moments[found - 1]) if found else at_least

    def _look(self) -> None:
        was_there = True
        while not self._over.wait(LOOKS_EVERY):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=2).close()
            except OSError:
                was_there = False
                continue
            if not was_there:
                self.moments.append(time.monotonic())
            was_there = True
