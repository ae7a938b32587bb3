"""A bulk act over ten thousand conversations, and the inbox page meanwhile against before."""

import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connections

from makegood.bench.benches.pages import an_agent
from makegood.bench.figures import Figure, figure
from makegood.bench.serving import Browser, served
from makegood.bulk.actions import begin_bulk, try_on_matching, undo_bulk
from makegood.bulk.models import BulkAct
from makegood.bulk.working import work_on_next
from makegood.conversations.models import Conversation
from makegood.team.models import Agent

MANY = 10_000
PATIENCE = 600.0
Get = Callable[[str], bytes]


def bulk(rounds: int) -> Iterator[Figure]:
    """Assign them as the worker does, in a process of its own, while a page is asked for."""
    agent = an_agent()
    question = _a_question(min(MANY, rounds * 100))
    with served() as port:
        get = Browser(port, agent).get
        before = [_taken(get) for _ in range(rounds)]
        with _worker():
            began = time.perf_counter()
            act = _tried(agent, question)
            looked = time.perf_counter() - began
            meanwhile, seconds = _done(act, agent, get)
            yield figure("bulk.seconds", seconds, "s", None, act.acted)
            yield figure("bulk.tried_s", looked, "s", None, act.total)
            page = statistics.median(before)
            median = statistics.median(meanwhile)
            yield figure("bulk.page_meanwhile", median, "ms", page, len(meanwhile))
            yield figure("bulk.undo_s", _undone(act, agent), "s", None, act.acted)


def _a_question(count: int) -> str:
    """One that finds about so many: everything from some number on."""
    numbers = Conversation.objects.exclude(status="joined").order_by("-pk")
    lowest = list(numbers.values_list("pk", flat=True)[: count + 1])[-1]
    return f"number:>{lowest}"


def _taken(get: Get) -> float:
    began = time.perf_counter()
    get("/inbox/waiting/")
    return (time.perf_counter() - began) * 1000


@contextmanager
def _worker() -> Iterator[None]:
    connections.close_all()
    child = multiprocessing.get_context("fork").Process(target=_work, daemon=True)
    child.start()
    try:
        yield
    finally:
        child.terminate()
        child.join(10)


def _work() -> None:
    while True:
        if not work_on_next():
            time.sleep(0.02)


def _tried(agent: Agent, question: str) -> BulkAct:
    given = {"do": "assign", "with": agent.ref}
    return _until(try_on_matching({"q": question}, given, by=agent), BulkAct.State.TRIED)


def _until(act: BulkAct, state: str) -> BulkAct:
    until = time.monotonic() + PATIENCE
    while act.state != state:
        if time.monotonic() > until:
            raise RuntimeError(f"The act is {act.state}, not {state}.")
        time.sleep(0.05)
        act.refresh_from_db()
    return act


def _done(act: BulkAct, agent: Agent, get: Get) -> tuple[list[float], float]:
    """The milliseconds of a page, asked ten times a second meanwhile; the seconds in all."""
    began = time.perf_counter()
    begin_bulk(act, by=agent)
    meanwhile: list[float] = []
    while act.state != BulkAct.State.DONE:
        meanwhile.append(_taken(get))
        time.sleep(0.1)
        act.refresh_from_db()
    return meanwhile, time.perf_counter() - began


def _undone(act: BulkAct, agent: Agent) -> float:
    began = time.perf_counter()
    _until(undo_bulk(act, by=agent), BulkAct.State.UNDONE)
    return time.perf_counter() - began
