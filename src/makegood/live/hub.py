"""One reader of the ledger per process, for all of its open pages.

While nobody listens it sleeps; while somebody does it waits for a commit. An idle open page
costs no query: neither the wait nor the heartbeat asks the database for a row.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

from django.db import close_old_connections, connection

from makegood.ledger.reading import Reader, newest_position
from makegood.ledger.wakeup import Waiter
from makegood.live.beside import Beside
from makegood.live.news import News, news_of

log = logging.getLogger(__name__)

MOST_WAITING = 1000
PATIENCE = 5.0
BESIDE_PAUSE = 0.2
"""Who is where and who types is looked up so often at most."""


@dataclass(eq=False, slots=True)
class Listener:
    """One open page's end of the hub. Full means too slow: the page comes again.

    One that names a topic (`conversation:17`) hears of that alone: thousands may listen so.
    """

    loop: asyncio.AbstractEventLoop
    topic: str = ""
    queue: asyncio.Queue[News | None] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))
    is_lost: bool = False

    def hear(self, news: Sequence[News]) -> None:
        try:
            for one in news:
                self.queue.put_nowait(one)
        except asyncio.QueueFull:
            self.is_lost = True

    def end(self) -> None:
        """Let the page go; it comes again by itself."""
        self.is_lost = True
        if not self.queue.full():
            self.queue.put_nowait(None)


Hearing = list[tuple[Listener, Sequence[News]]]


def _let_hear(hearing: Hearing) -> None:
    for listener, news in hearing:
        listener.hear(news)


class Hub:
    """Reads for everybody who listens in this process."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._by_topic: dict[str, set[Listener]] = {}
        self._lock = threading.Lock()
        self._somebody = threading.Event()
        self._listening = threading.Event()
        self._thread: threading.Thread | None = None
        self.position = 0

    def join(self, listener: Listener) -> None:
        """Listen from now on: whatever is committed after this returns is heard."""
        with self._lock:
            self._place_of(listener).add(listener)
            self._somebody.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="live", daemon=True)
                self._thread.start()
        self._listening.wait(PATIENCE)

    def leave(self, listener: Listener) -> None:
        with self._lock:
            self._place_of(listener).discard(listener)
            if listener.topic and not self._by_topic[listener.topic]:
                del self._by_topic[listener.topic]

    def _is_idle(self) -> bool:
        """Whether nobody is left. Then the reading ends, and who joins later waits for it anew.

        Not as the last one leaves: whoever turns a page leaves and comes back at once, and is
        heard by a reading that never stopped.
        """
        with self._lock:
            if self._listeners or self._by_topic:
                return False
            self._somebody.clear()
            self._listening.clear()
            return True

    def move(self, listener: Listener, topic: str) -> None:
        """Let one listen to another topic from now on."""
        with self._lock:
            self._place_of(listener).discard(listener)
            if not self._by_topic[listener.topic]:
                del self._by_topic[listener.topic]
            listener.topic = topic
            self._place_of(listener).add(listener)

    def end(self) -> None:
        """Let every page go, so that the process can end. Called from the event loop."""
        with self._lock:
            everybody = [*self._listeners, *chain.from_iterable(self._by_topic.values())]
        for listener in everybody:
            listener.end()

    def _place_of(self, listener: Listener) -> set[Listener]:
        if not listener.topic:
            return self._listeners
        return self._by_topic.setdefault(listener.topic, set())

    def _run(self) -> None:
        reader: Reader | None = None
        while True:
            self._somebody.wait()
            try:
                reader = reader or Reader(newest_position())
                self._listen(reader)
                reader = None
            except Exception:  # whatever it was: without this thread no page would hear again
                log.exception("The live feed lost the database; it tries again.")
                connection.close()
                threading.Event().wait(1)
                if self._is_idle():
                    reader = None  # else it goes on where it was: its pages missed nothing

    def _listen(self, reader: Reader) -> None:
        """Tell everybody what is new, until nobody is left."""
        waiter, beside = Waiter(beside=True), Beside()
        looked, is_owed = time.monotonic(), False
        try:
            while not self._is_idle():
                self._listening.set()
                left = looked + BESIDE_PAUSE - time.monotonic()
                if waiter.wait(max(0.0, left) if is_owed else PATIENCE):
                    self._tell(reader)
                    is_owed = True
                elif not is_owed:
                    close_old_connections()
                if is_owed and time.monotonic() - looked >= BESIDE_PAUSE:
                    self._pass_on(beside.news())
                    looked, is_owed = time.monotonic(), False
        finally:
            waiter.close()

    def _tell(self, reader: Reader) -> None:
        while events := reader.read():
            news = news_of(events)
            reader.advance(events[-1].pk)
            self.position = reader.position
            self._pass_on(news)

    def _pass_on(self, news: Sequence[News]) -> None:
        if not news:
            return
        with self._lock:
            listeners = list(self._listeners)
            concerned = self._concerned(news) if self._by_topic else {}
        by_loop: dict[asyncio.AbstractEventLoop, Hearing] = {}
        for listener in listeners:
            by_loop.setdefault(listener.loop, []).append((listener, news))
        for listener, theirs in concerned.items():
            by_loop.setdefault(listener.loop, []).append((listener, theirs))
        for loop, hearing in by_loop.items():
            loop.call_soon_threadsafe(_let_hear, hearing)  # one call wakes it for everybody

    def _concerned(self, news: Sequence[News]) -> dict[Listener, list[News]]:
        """What each of those hears who listen to one thing alone."""
        found: dict[Listener, list[News]] = {}
        for one in news:
            for topic in (one.here.place,) if one.here else one.about:
                for listener in self._by_topic.get(topic, ()):
                    found.setdefault(listener, []).append(one)
        return found


hub = Hub()
