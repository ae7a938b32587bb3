"""Somebody floods the chat while an agent works: what the agent's pages take, and took in peace."""

import asyncio
import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from multiprocessing.connection import Connection

from django.db import connection, connections

from makegood.bench.benches.pages import an_agent
from makegood.bench.crowd import Wire, now
from makegood.bench.figures import Figure, figure
from makegood.bench.serving import signed_in
from makegood.bench.whole import start
from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.conversations.models import Conversation
from makegood.ledger.actors import System

LINES = 100
"""Connections that ask for something new as soon as they were answered."""
CALM = 0.05
"""Seconds between two pages of the agent."""


def flooding(rounds: int) -> Iterator[Figure]:
    """The agent's p95 under a flood from one network, and from a hundred, against that in peace."""
    wanted = InboxSettings(name="Chat", kind="chat")
    public_id = connect_inbox(wanted, by=System("bench")).public_id
    session, times = signed_in(an_agent()), max(60, rounds * 2)
    pages = ["/inbox/waiting/", *_conversations()]
    connections.close_all()
    whole = start(MAKEGOOD_TRUST_PROXY="1")
    try:
        _work(whole.port, session, pages, 30)
        calm = _p95(_work(whole.port, session, pages, times))
        for name, networks in (("many_networks", LINES), ("one_network", 1)):
            with _Flood(whole.port, f"/chat/{public_id}/messages/", networks) as flood:
                taken = _p95(_work(whole.port, session, pages, times))
            yield figure(f"flood.agent_p95_ms.{name}", taken, "ms", calm, times)
            yield figure(f"flood.answered.{name}", flood.a_second, "1/s", n=LINES)
    finally:
        whole.end()


def _conversations() -> list[str]:
    numbers = Conversation.objects.filter(inbox__kind="email").values_list("pk", flat=True)[:3]
    return [f"/conversations/{pk}/" for pk in numbers]


def _work(port: int, session: str, pages: list[str], times: int) -> list[float]:
    """Milliseconds of each page, opened one after the other as an agent does."""
    return asyncio.run(_opened(port, session, pages, times))


async def _opened(port: int, session: str, pages: list[str], times: int) -> list[float]:
    wire = Wire(port, {"Cookie": f"session={session}"})
    taken = []
    for _time, page in zip(range(times), cycle(pages), strict=False):
        began = now()
        status, _answer = await wire.ask("GET", page)
        if status != 200:
            raise RuntimeError(f"{page} answered {status}.")
        taken.append((now() - began) * 1000)
        await asyncio.sleep(CALM)
    wire.close()
    return taken


def _p95(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.95)]


class _Flood:
    """Visitors without shame, in a process of their own."""

    def __init__(self, port: int, path: str, networks: int) -> None:
        self.ours, theirs = multiprocessing.Pipe()
        self.child = multiprocessing.get_context("fork").Process(
            target=_shout, args=[theirs, port, path, networks], daemon=True
        )
        self.a_second = 0.0

    def __enter__(self) -> "_Flood":
        self.child.start()
        self.ours.recv()
        return self

    def __exit__(self, *_raised: object) -> None:
        self.ours.send("enough")
        if self.ours.poll(60):
            self.a_second = self.ours.recv()
        self.child.kill()
        self.child.join(10)


def _shout(pipe: Connection, port: int, path: str, networks: int) -> None:
    connection.close()
    pipe.send(asyncio.run(_all_at_once(pipe, port, path, networks)))
    time.sleep(60)  # it is ended from outside


async def _all_at_once(pipe: Connection, port: int, path: str, networks: int) -> float:
    answered: Counter[int] = Counter()
    begun = now()
    lines = [
        asyncio.create_task(_line(answered, number, port, path, number % networks))
        for number in range(LINES)
    ]
    await asyncio.sleep(1)
    pipe.send("begun")
    while not pipe.poll():
        await asyncio.sleep(0.1)
    for line in lines:
        line.cancel()
    return sum(answered.values()) / (now() - begun)


async def _line(answered: Counter[int], number: int, port: int, path: str, network: int) -> None:
    """Ask for something new as soon as there is an answer, whatever it says."""
    secret, word = f"{number:043d}", 0
    headers = {"Authorization": f"Bearer {secret}", "X-Forwarded-For": f"10.9.{network}.7"}
    while True:
        wire = Wire(port, headers)
        try:
            while True:
                body = {"client_id": f"flood-{number:06d}-{word:010d}", "text": f"Word {word}"}
                status, _answer = await wire.ask("POST", path, body)
                answered[status] += 1
                word += 1
        except (OSError, asyncio.IncompleteReadError, IndexError):
            wire.close()  # hung up on: it comes again
            await asyncio.sleep(0.01)
