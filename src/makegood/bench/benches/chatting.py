"""A shop's chat on a busy day: many sit there, some write, and every word reaches an agent."""

import asyncio
import json
import multiprocessing
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from typing import Any

from django.db import connection, connections
from django.utils import timezone

from makegood.bench.benches.pages import an_agent
from makegood.bench.crowd import AT_ONCE, Stream, Wire, listen, now
from makegood.bench.figures import Figure, figure
from makegood.bench.serving import free_port, signed_in, wait_for
from makegood.bench.whole import Whole, pss, start
from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.channels.models import Inbox
from makegood.chat.models import Visitor
from makegood.conversations.models import Conversation, Message, Participant
from makegood.customers.models import Customer, Handle
from makegood.kit.ids import digest
from makegood.ledger.actors import System

AGENTS = 50
SETTLING = 8.0
"""Seconds of peace before the memory is read."""
LATEST = 30.0
"""Seconds after which a word that nobody heard of counts as lost."""


@dataclass(frozen=True)
class Crowd:
    """How many sit there, how many of them write, and for how long."""

    visitors: int
    writers: int
    seconds: float

    @property
    def words(self) -> int:
        """One a minute of each who writes."""
        return max(20, round(self.writers * self.seconds / 60))


FULL = Crowd(visitors=5_000, writers=1_000, seconds=60)
QUICK = Crowd(visitors=200, writers=200, seconds=12)


@dataclass
class Heard:
    """When each word left a visitor, and when the first agent's page knew of it."""

    left: dict[int, float] = field(default_factory=dict)
    came: dict[str, float] = field(default_factory=dict)

    def line(self, line: bytes) -> None:
        if line.startswith(b"data:") and b"message:" in line:
            at = now()
            for part in line.decode().split('"'):
                if part.startswith("message:"):
                    self.came.setdefault(part, at)


def chatting(rounds: int) -> Iterator[Figure]:
    """Words of visitors until an agent's page hears of them; what an idle visitor costs."""
    crowd = FULL if rounds >= 100 else QUICK
    inbox = _chat()
    secrets = _sit_down(inbox, crowd.visitors)
    sessions = [signed_in(an_agent()) for _agent in range(AGENTS)]
    connections.close_all()
    bare = _bare_kilobytes(crowd.visitors)
    trusting = {"MAKEGOOD_TRUST_PROXY": "1"}  # each says itself from which network it comes
    wholes = [start(**trusting)]
    try:
        if connection.vendor == "postgresql":
            wholes.append(start("--only", "web", **trusting))
        taken, each, lost = asyncio.run(
            _a_day(crowd, wholes, f"/chat/{inbox.public_id}/", secrets, sessions)
        )
    finally:
        for whole in wholes:
            whole.end()
    if lost:
        raise RuntimeError(f"{lost} words of {crowd.words} reached no agent.")
    taken.sort()
    yield figure("chat.median_ms", statistics.median(taken), "ms", n=len(taken))
    yield figure("chat.p95_ms", taken[int(len(taken) * 0.95)], "ms", n=len(taken))
    yield figure("chat.kb_per_visitor", each, "kB", bare, crowd.visitors)


async def _a_day(
    crowd: Crowd, wholes: list[Whole], base: str, secrets: list[str], sessions: list[str]
) -> tuple[list[float], float, int]:
    """Everybody comes by one of the web processes in turn, as a proxy would send them."""
    heard, ports = Heard(), [whole.port for whole in wholes]
    agents = [
        await listen(port, "/live/", {"Cookie": f"session={one}"}, heard.line)
        for one, port in zip(sessions, cycle(ports), strict=False)
    ]
    await asyncio.sleep(SETTLING)
    before = sum(whole.kilobytes() for whole in wholes)
    visitors = await _everybody(ports, f"{base}live/", secrets)
    await asyncio.sleep(SETTLING)
    each = (sum(whole.kilobytes() for whole in wholes) - before) / crowd.visitors
    chosen = zip(enumerate(secrets[: crowd.writers]), cycle(reversed(ports)), strict=False)
    writers = [Wire(port, _headers(number, secret)) for (number, secret), port in chosen]
    await _write(crowd, base, writers, heard)
    until = now() + LATEST
    while len(heard.came.keys() & {f"message:{pk}" for pk in heard.left}) < crowd.words:
        if now() > until:
            break
        await asyncio.sleep(0.1)
    for stream in [*agents, *visitors]:
        stream.close()
    found = {pk: heard.came.get(f"message:{pk}") for pk in heard.left}
    taken = [(at - heard.left[pk]) * 1000 for pk, at in found.items() if at is not None]
    return taken, each, crowd.words - len(taken)


async def _everybody(ports: list[int], path: str, secrets: list[str]) -> list[Stream]:
    streams: list[Stream] = []
    for begin in range(0, len(secrets), AT_ONCE):
        some = [
            listen(port, path, _headers(begin + number, secret), lambda _line: None)
            for (number, secret), port in zip(
                enumerate(secrets[begin : begin + AT_ONCE]), cycle(ports), strict=False
            )
        ]
        streams += await asyncio.gather(*some)
    return streams


def _headers(number: int, secret: str) -> dict[str, str]:
    """Each comes from a network of its own."""
    network = f"10.{number // 250 % 250}.{number % 250}.7"
    return {"Authorization": f"Bearer {secret}", "X-Forwarded-For": network}


async def _write(crowd: Crowd, base: str, writers: list[Wire], heard: Heard) -> None:
    """Words leave evenly, whoever still waits for the one before."""
    pause, saying = crowd.seconds / crowd.words, []
    for number in range(crowd.words):
        wire = writers[number % len(writers)]
        saying.append(asyncio.create_task(_say(wire, base, number, heard)))
        await asyncio.sleep(pause)
    await asyncio.gather(*saying)
    for wire in writers:
        wire.close()


async def _say(wire: Wire, base: str, number: int, heard: Heard) -> None:
    body = {"client_id": f"bench-word-{number:012d}", "text": f"Is the lamp here yet ({number})?"}
    began = now()
    status, answer = await wire.ask("POST", f"{base}messages/", body)
    if status != 201:
        raise RuntimeError(f"A word was answered with {status}: {answer[:200]!r}")
    heard.left[_number_in(answer)] = began


def _number_in(answer: bytes) -> int:
    return int(json.loads(answer)["message"]["seq"])


# ── Who sits there already ───────────────────────────────────────────────────


def _chat() -> Inbox:
    wanted = InboxSettings(name="Chat", kind="chat")
    return connect_inbox(wanted, by=System("bench"))


def _sit_down(inbox: Inbox, many: int) -> list[str]:
    """Visitors who have each said a word before; their secrets."""
    secrets, at = [f"{number:043d}" for number in range(many)], timezone.now()
    earlier = at - timedelta(minutes=30)
    customers = Customer.objects.bulk_create(
        Customer(name=f"Visitor {n}", first_seen_at=at, last_seen_at=at) for n in range(many)
    )
    handles = Handle.objects.bulk_create(
        Handle(customer=one, kind="chat", address=f"v.bench{n}") for n, one in enumerate(customers)
    )
    Visitor.objects.bulk_create(
        Visitor(
            inbox=inbox, handle=handle, secret_hash=digest(secret), first_seen_at=at, seen_at=at
        )
        for handle, secret in zip(handles, secrets, strict=True)
    )
    conversations = Conversation.objects.bulk_create(
        Conversation(
            inbox=inbox, customer=one, subject=f"Lamp {n}", turn_since=earlier, opened_at=earlier,
            last_at=earlier, preview="Hello?",
        )
        for n, one in enumerate(customers)
    )  # fmt: skip
    pairs = list(zip(conversations, handles, strict=True))
    Participant.objects.bulk_create(
        Participant(conversation=one, handle=handle, joined_at=earlier) for one, handle in pairs
    )
    Message.objects.bulk_create(
        Message(
            conversation=one, inbox=inbox, direction="incoming", handle=handle, text="Hello?",
            at=earlier,
        )
        for one, handle in pairs
    )  # fmt: skip
    return secrets


# ── What an open connection costs by itself ──────────────────────────────────


def _bare_kilobytes(many: int) -> float:
    """Kilobytes of one open stream under the same server, where nothing is done with it."""
    port = free_port()
    child = multiprocessing.get_context("fork").Process(target=_hold, args=[port], daemon=True)
    child.start()
    try:
        wait_for(port)
        return asyncio.run(_held(port, child.pid or 0, many))
    finally:
        child.kill()
        child.join(10)


async def _held(port: int, pid: int, many: int) -> float:
    before = pss(pid)
    streams = await _everybody([port], "/", [f"{n:043d}" for n in range(many)])
    await asyncio.sleep(1)
    each = (pss(pid) - before) / many
    for stream in streams:
        stream.close()
    return each


def _hold(port: int) -> None:
    from granian.constants import HTTPModes, Interfaces  # only the child that serves needs it
    from granian.server.embed import Server

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b": beat\n\n", "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass

    server = Server(
        application, address="127.0.0.1", port=port, interface=Interfaces.ASGI,
        http=HTTPModes.http1, websockets=False, backpressure=20_000, backlog=1024,
        log_enabled=False,
    )  # fmt: skip
    asyncio.run(server.serve())
