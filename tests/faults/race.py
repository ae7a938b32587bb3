"""Many processes take in the same mails at once, by several ways; prints what was counted.

    python -m tests.faults.race FOLDER [--mails N] [--cluster URL]

Each mail comes to two mailboxes by IMAP and once more by SMTP, three times over, in every
one of the processes: it must become one message in one conversation.
"""

import argparse
import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path

from tests.faults import place
from tests.faults.tally import Tally

PROCESSES = 8
TIMES = 3
PATIENCE = 600.0


def main(asked: argparse.Namespace) -> None:
    place.set_up(asked.folder / "data", asked.cluster)
    from django.db import connection

    from makegood.channels.email import child
    from tests.faults.strace import fork, wait_for

    begun = time.monotonic()
    _second_mailbox()
    child.read_apart(b"", {})
    connection.close()
    racers = [fork(partial(_race, asked.mails, seed)) for seed in range(PROCESSES)]
    ended = [wait_for(pid, PATIENCE) for pid in racers]
    where = " on PostgreSQL" if asked.cluster else ""
    tally = Tally(scene=f"race of {PROCESSES}{where}", points=PROCESSES * TIMES * 3 * asked.mails)
    tally.delivered = tally.points if not any(ended) else 0
    _judge(asked.mails, tally)
    tally.seconds = round(time.monotonic() - begun, 1)
    print(json.dumps(asdict(tally)))


def _second_mailbox() -> None:
    from makegood.channels.connecting import InboxSettings, connect_inbox
    from makegood.ledger.actors import System

    wanted = InboxSettings(name="Sales", kind="email", address="sales@shop.test")
    connect_inbox(wanted, by=System("setup"))


def _mail(number: int, way: str) -> bytes:
    trace = f"Received: from mx by {way}; Mon, 2 Mar 2026 10:12:00 +0100\r\n"
    return (
        trace.encode()
        + (
            f"From: ida{number % 7}@customer.test\r\nTo: support@shop.test, sales@shop.test\r\n"
            f"Subject: Lamp {number}\r\nMessage-ID: <{number}@customer.test>\r\n"
            f"Date: Mon, 2 Mar 2026 10:12:00 +0100\r\n\r\nWhere is it?\r\n"
        ).encode()
    )


def _race(count: int, seed: int) -> None:
    """One of the processes: everything comes in, in an order of its own, and is taken in."""
    from django.db import OperationalError

    from makegood.channels.actions import RawArrival, take_in
    from makegood.channels.email import child
    from makegood.channels.models import Inbox

    child._server.owner = os.getpid()  # the reader is warm already
    support, sales = Inbox.objects.filter(kind="email").order_by("pk")
    chance = random.Random(seed)
    ways = [(support.pk, "imap", "a", {}), (sales.pk, "imap", "b", {})]
    ways.append((support.pk, "smtp", "c", {"to": ["support@shop.test"]}))
    arrivals = [
        RawArrival(inbox_id=pk, raw=_mail(number, way), origin=origin, envelope=dict(envelope))
        for pk, origin, way, envelope in ways * TIMES
        for number in range(count)
    ]
    chance.shuffle(arrivals)
    for at in range(0, len(arrivals), 40):
        _until_it_works(partial(take_in, arrivals[at : at + 40]), OperationalError)
        _take_some(chance, OperationalError)
    while _take_some(chance, OperationalError):
        pass


def _take_some(chance: random.Random, trouble: type[Exception]) -> int:
    from makegood.conversations.intake import take_in_arrival, waiting_arrivals

    waiting = list(waiting_arrivals(100))
    for pk in chance.sample(waiting, min(8, len(waiting))):
        _until_it_works(partial(take_in_arrival, pk), trouble)
    return len(waiting)


def _until_it_works(act: Callable[[], object], trouble: type[Exception]) -> None:
    """As the house does: what cannot be taken in now is tried again."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            act()
            return
        except trouble:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def _judge(count: int, tally: Tally) -> None:
    from makegood.channels.models import Arrival
    from makegood.conversations.models import Conversation, Message

    told = Counter(Message.objects.values_list("external_id", flat=True))
    wanted = {f"<{number}@customer.test>" for number in range(count)}
    assert not told.keys() - wanted, sorted(told.keys() - wanted)[:3]
    tally.acknowledged = Arrival.objects.count()
    tally.lost = len(wanted - told.keys()) + Arrival.objects.filter(taken_at=None).count()
    tally.lost += abs(Arrival.objects.count() - 3 * count)
    tally.duplicated = sum(told.values()) - len(told) + Conversation.objects.count() - len(told)
    tally.stored_once = sum(times == 1 for times in told.values())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mails", type=int, default=100)
    parser.add_argument("--cluster", default="")
    main(parser.parse_args())
