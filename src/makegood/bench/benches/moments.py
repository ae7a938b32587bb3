"""From a click to the outbox, and from an event to the page that is open."""

import http.client
import os
import queue
import statistics
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlencode

from django.db import connection

from makegood.bench.benches.pages import an_agent, an_open_conversation
from makegood.bench.figures import Figure, figure
from makegood.bench.serving import Browser, served
from makegood.channels.models import Delivery
from makegood.conversations.actions import add_note
from makegood.conversations.queries import conversation_for
from makegood.kit.ids import new_token
from makegood.ledger.reading import newest_position

PATIENCE = 10.0
SEEN_ALL = 1 << 40
"""A message beyond all: whoever says so has read everything."""


def reply(rounds: int) -> Iterator[Figure]:
    """A press of Send, until the answer says so: by then the row stands in the outbox."""
    agent, rounds = an_agent(), max(10, rounds // 2)
    conversation = an_open_conversation()
    with served() as port:
        browser = Browser(port, agent)
        path = f"/conversations/{conversation}/"
        secret = browser.form_secret(path)
        before = Delivery.objects.count()
        taken = [_press(browser, path, secret) for _press_number in range(rounds)]
        queued = Delivery.objects.count() - before
    if queued != rounds:
        raise RuntimeError(f"{rounds} answers were sent and {queued} stand in the outbox.")
    yield figure("reply.median_ms", statistics.median(taken), "ms", bare_commit(rounds), rounds)


def _press(browser: Browser, path: str, secret: str) -> float:
    fields = {
        "text": "It left on Friday.",
        "seen": SEEN_ALL,
        "client_key": new_token(),
        "csrfmiddlewaretoken": secret,
    }
    began = time.perf_counter()
    browser.post(f"{path}messages/", urlencode(fields))
    return (time.perf_counter() - began) * 1000


def bare_commit(rounds: int) -> float:
    """The median of one durable row by itself."""
    taken = []
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_bare (id integer PRIMARY KEY, raw blob)")
        for _row in range(rounds):
            began = time.perf_counter()
            cursor.execute("INSERT INTO bench_bare(raw) VALUES (%s)", [os.urandom(2_000)])
            taken.append((time.perf_counter() - began) * 1000)
        cursor.execute("DROP TABLE bench_bare")
    return statistics.median(taken)


def live(rounds: int) -> Iterator[Figure]:
    """From the commit of an event until an open page hears of it."""
    agent, rounds = an_agent(), max(10, rounds // 2)
    conversation = conversation_for(agent, an_open_conversation())
    with served() as port:
        ear = _Ear(port, Browser(port, agent).session)
        taken = []
        for number in range(rounds):
            time.sleep(0.05 + number % 7 / 100)  # never in step with whoever looks for news
            add_note(conversation, f"Called the courier again ({number}).", by=agent)
            committed = time.perf_counter()
            taken.append((ear.heard(newest_position()) - committed) * 1000)
        ear.close()
    yield figure("live.median_ms", statistics.median(taken), "ms", None, rounds)


class _Ear:
    """An open page: one stream of news, and the moment at which each was heard."""

    def __init__(self, port: int, session: str) -> None:
        self.wire = http.client.HTTPConnection("127.0.0.1", port)
        self.news: queue.Queue[tuple[int, float]] = queue.Queue()
        self.wire.request(
            "GET", f"/live/?after={newest_position()}", headers={"Cookie": f"session={session}"}
        )
        self.stream = self.wire.getresponse()
        if self.stream.status != 200:
            raise RuntimeError(f"The live feed answered {self.stream.status}.")
        threading.Thread(target=self._listen, daemon=True).start()
        time.sleep(0.5)

    def heard(self, wanted: int) -> float:
        while True:
            number, moment = self.news.get(timeout=PATIENCE)
            if number >= wanted:
                return moment

    def close(self) -> None:
        self.wire.close()

    def _listen(self) -> None:
        try:
            while line := self.stream.readline():
                if line.startswith(b"id:"):
                    self.news.put((int(line[3:]), time.perf_counter()))
        except (OSError, ValueError, AttributeError):
            return  # it was closed
