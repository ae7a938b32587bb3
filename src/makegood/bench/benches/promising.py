"""A million promises, fifty thousand of them to be kept: what is due next, and a minute's tick."""

import statistics
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from makegood.bench.benches.pages import an_agent
from makegood.bench.figures import Figure, figure, in_turns
from makegood.conversations.actions import add_note
from makegood.conversations.models import Conversation
from makegood.promises.models import Promise
from makegood.promises.ticking import tick

SHARE_OPEN = 20
"""One of so many promises is to be kept still."""
AHEAD = timedelta(days=10)
TICKS = 60
AT_ONCE = 5_000


def promises(rounds: int) -> Iterator[Figure]:
    """A million of them, or in a quick run twenty thousand."""
    many = 1_000_000 if rounds >= 100 else 20_000
    _fill(many)
    now = timezone.now()
    soon = now + timedelta(minutes=1)
    due = Promise.objects.filter(next_at__lt=soon).order_by("next_at", "pk")
    ours, bare = in_turns([lambda: list(due[:200]), lambda: _bare(soon)], rounds)
    yield figure("promises.due_ms", ours, "ms", bare, rounds)
    taken, looked_at = _ticks(now)
    yield figure("promises.tick_ms", statistics.median(taken), "ms", n=len(taken))
    yield figure("promises.slowest_tick_ms", max(taken), "ms", n=len(taken))
    yield figure("promises.ticked", looked_at, "promises", n=len(taken))


def _fill(many: int) -> None:
    """Promises of all ages; the open ones are due in the ten days to come, evenly."""
    conversations = list(Conversation.objects.order_by("pk").values_list("pk", flat=True))
    now, open_ones = timezone.now(), many // SHARE_OPEN
    for start in range(0, many, AT_ONCE):
        Promise.objects.bulk_create(
            _promise(number, conversations[number % len(conversations)], now, open_ones)
            for number in range(start, min(start + AT_ONCE, many))
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _promise(number: int, conversation: int, now: datetime, open_ones: int) -> Promise:
    is_open = number < open_ones
    due_at = now + AHEAD * number / open_ones if is_open else now - timedelta(minutes=number)
    warn_at = due_at - timedelta(hours=2)
    return Promise(
        kind=Promise.Kind.PERSONAL,
        conversation_id=conversation,
        words="I write by then",
        made_by="agent:1",
        made_at=due_at - timedelta(days=1),
        since=due_at - timedelta(days=1),
        due_at=due_at,
        warn_at=warn_at,
        warned_at=warn_at if warn_at < now else None,
        next_at=(warn_at if warn_at >= now else due_at) if is_open else None,
        state=Promise.State.OPEN if is_open else Promise.State.KEPT,
        settled_at=None if is_open else due_at,
    )


def _bare(soon: datetime) -> object:
    """The same rows by the same index, and nothing made of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM promises_promise WHERE next_at < %s ORDER BY next_at, id LIMIT 200",
            [connection.ops.adapt_datetimefield_value(soon)],
        )
        return cursor.fetchall()


def _ticks(now: datetime) -> tuple[list[float], int]:
    """An hour minute by minute, while somebody else writes without a pause."""
    ending = threading.Event()
    writer = threading.Thread(target=_write_until, args=[ending])
    writer.start()
    taken, looked_at = [], 0
    for minute in range(1, TICKS + 1):
        began = time.perf_counter()
        looked_at += tick(now + timedelta(minutes=minute), limit=1_000)
        taken.append((time.perf_counter() - began) * 1000)
    ending.set()
    writer.join()
    return taken, looked_at


def _write_until(ending: threading.Event) -> None:
    agent, conversation = an_agent(), Conversation.objects.order_by("pk")[0]
    while not ending.is_set():
        add_note(conversation, "Called the courier again.", by=agent)
    connection.close()
