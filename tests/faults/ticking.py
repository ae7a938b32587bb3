"""Four workers tick the same promises and are killed and stalled; prints what was counted.

    python -m tests.faults.ticking FOLDER [--promises N] [--cluster URL] [--careless]

Every promise comes to risk and breaks while they run: each break and each step that follows is
told once, each warning at most once. Careless workers read what is due before they take its lock:
the counting must find them out.
"""

import argparse
import json
import os
import random
import signal
import time
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from tests.faults import place
from tests.faults.tally import Tally

WORKERS = 4
BEGINS = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTES_A_SECOND = 20
LASTS = 6.0
"""Seconds in which all of them come to risk and break."""
KILLS, STALLS = 24, 12
STALLED = 0.2
PATIENCE = 600.0


def main(asked: argparse.Namespace) -> None:
    place.set_up(asked.folder / "data", asked.cluster)
    from django.db import connection

    from tests.faults.strace import fork, wait_for

    begun = time.monotonic()
    numbers = _promise(asked.promises)
    connection.close()
    start = time.time()
    begin = partial(_work, start, asked.careless)
    workers = [fork(begin) for _one in range(WORKERS)]
    where = " on PostgreSQL" if asked.cluster else ""
    tally = Tally(scene=f"ticking{where}", points=KILLS + STALLS)
    chance = random.Random(1)
    for fault in chance.sample(["kill"] * KILLS + ["stall"] * STALLS, KILLS + STALLS):
        time.sleep(LASTS / (KILLS + STALLS))
        place_of = chance.randrange(WORKERS)
        tally.delivered += _strike(fault, workers[place_of])
        if fault == "kill":
            wait_for(workers[place_of])
            workers[place_of] = fork(begin)
    for pid in workers:
        wait_for(pid, PATIENCE)
    _to_the_end()
    _judge(numbers, tally)
    tally.seconds = round(time.monotonic() - begun, 1)
    print(json.dumps(asdict(tally)))


def _strike(fault: str, pid: int) -> bool:
    """Whether the fault fell on a worker that was at work."""
    from tests.faults.strace import is_alive

    if not is_alive(pid):
        return False
    os.kill(pid, signal.SIGKILL if fault == "kill" else signal.SIGSTOP)
    if fault == "stall":
        time.sleep(STALLED)
        os.kill(pid, signal.SIGCONT)
    return True


def _promise(count: int) -> list[int]:
    """Promises that come to risk one after the other, and break a while later."""
    from makegood.channels.actions import RawArrival, take_in
    from makegood.channels.models import Inbox
    from makegood.conversations.intake import take_in_arrival, waiting_arrivals
    from makegood.conversations.models import Conversation
    from makegood.promises.models import Policy, PolicyVersion, Promise

    raw = b"From: ida@customer.test\r\nSubject: Lamp\r\n\r\nHello?\r\n"
    take_in([RawArrival(inbox_id=Inbox.objects.get().pk, raw=raw, origin="smtp")])
    for pk in waiting_arrivals():
        take_in_arrival(pk)
    steps = [
        {"at": "due", "after": 0, "do": "notify", "whom": "owner"},
        {"at": "due", "after": 600, "do": "call", "whom": "leads"},
    ]
    policy = Policy.objects.create(name="Under fire")
    version = PolicyVersion.objects.create(policy=policy, number=1, steps=steps)
    whole = timedelta(minutes=LASTS * MINUTES_A_SECOND)
    rows = []
    for number in range(count):
        warn_at = BEGINS + whole * 0.6 * number / count
        rows.append(
            Promise(
                kind=Promise.Kind.PERSONAL, conversation=Conversation.objects.get(),
                words=f"Word {number}", made_by="agent:1", made_at=BEGINS, since=BEGINS,
                clock="always", version=version, warn_at=warn_at, next_at=warn_at,
                due_at=warn_at + whole * 0.2,
            )
        )  # fmt: skip
    return [one.pk for one in Promise.objects.bulk_create(rows)]


def _work(start: float, is_careless: bool) -> None:
    from django.db import OperationalError

    from makegood.promises.ticking import tick

    step = _careless_tick if is_careless else partial(tick, limit=7)
    while (gone := time.time() - start) < LASTS * 1.2:
        try:
            did = step(BEGINS + timedelta(minutes=gone * MINUTES_A_SECOND))
        except OperationalError:
            did = 0
        time.sleep(0 if did else 0.01)


def _careless_tick(now: datetime) -> int:
    """As one would write it at first: read, think, write."""
    from django.db import transaction

    from makegood.promises import ticking
    from makegood.promises.models import Promise
    from makegood.promises.reaching import Reach

    due = list(Promise.objects.select_related("version").filter(next_at__lt=now)[:7])
    time.sleep(0.005)
    with transaction.atomic():
        for promise in due:
            ticking._look_at(promise, None, now, Reach(now))
        Promise.objects.bulk_update(due, ticking.TICKED)
    return len(due)


def _to_the_end() -> None:
    """Whatever the killed had begun, the living finish."""
    from makegood.promises.ticking import tick

    while tick(BEGINS + timedelta(days=9)):
        pass


def _judge(numbers: list[int], tally: Tally) -> None:
    from makegood.ledger.models import Event
    from makegood.promises.models import Promise

    told: Counter[tuple[int, str]] = Counter()
    for event in Event.objects.filter(kind__startswith="promise."):
        told[event.facts["promise"], f"{event.kind}:{event.facts.get('step', '')}"] += 1
    once = ("promise.broken:", "promise.escalated:notify", "promise.escalated:call")
    states = dict(Promise.objects.values_list("pk", "state"))
    for pk in numbers:
        counts = [told[pk, word] for word in once]
        tally.acknowledged += 1
        tally.stored_once += counts == [1, 1, 1] and told[pk, "promise.warned:"] <= 1
        tally.lost += counts.count(0) + (states[pk] != "broken")
        tally.duplicated += sum(max(0, n - 1) for n in (*counts, told[pk, "promise.warned:"]))
        tally.unacknowledged += told[pk, "promise.warned:"]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--promises", type=int, default=200)
    parser.add_argument("--cluster", default="")
    parser.add_argument("--careless", action="store_true")
    main(parser.parse_args())
