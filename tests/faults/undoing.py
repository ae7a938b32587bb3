"""Undo and the sender want the same answer at the same moment; prints what was counted.

    python -m tests.faults.undoing FOLDER [--answers N] [--cluster URL]

Senders lease and send what is due while others take it back. Each answer either left, once,
or was taken back and is a draft again: never both, never neither.
"""

import argparse
import json
import random
import time
from collections import Counter
from dataclasses import asdict
from functools import partial
from pathlib import Path

from tests.faults import place
from tests.faults.tally import Tally

SENDERS = 3
UNDOERS = 2
PATIENCE = 600.0
PAUSE = 0.3
"""At most, between two of an undoer: senders are slower, and both are to win some."""


def main(asked: argparse.Namespace) -> None:
    place.set_up(asked.folder / "data", asked.cluster)
    from django.db import connection

    from tests.faults.strace import fork, wait_for

    begun = time.monotonic()
    taken = asked.folder / "taken"
    taken.touch()
    numbers = _answer(asked.answers)
    connection.close()
    start = time.time() + 2
    racers = [fork(partial(_send, taken, start)) for _one in range(SENDERS)]
    racers += [fork(partial(_undo, numbers, start, seed)) for seed in range(UNDOERS)]
    ended = [wait_for(pid, PATIENCE) for pid in racers]
    ended.append(wait_for(fork(partial(_send, taken, start)), PATIENCE))  # what was left over
    where = " on PostgreSQL" if asked.cluster else ""
    tally = Tally(scene=f"undo against the sender{where}", points=len(numbers) * UNDOERS)
    tally.delivered = tally.points if not any(ended) else 0
    _judge(numbers, taken, tally)
    tally.seconds = round(time.monotonic() - begun, 1)
    print(json.dumps(asdict(tally)))


def _answer(count: int) -> list[tuple[int, int]]:
    """Conversations with an answer each that leaves as the race begins."""
    from makegood.channels.actions import RawArrival, take_in
    from makegood.channels.email import child
    from makegood.channels.models import Delivery, Inbox
    from makegood.conversations.intake import take_in_arrival, waiting_arrivals
    from makegood.conversations.models import Conversation
    from makegood.conversations.replying import Reply
    from makegood.sending.answering import send_answer
    from makegood.team.models import Agent

    child.read_apart(b"", {})
    nora, inbox = Agent.objects.get(), Inbox.objects.get()
    for number in range(count):
        raw = f"From: ida{number}@customer.test\r\nSubject: {number}\r\n\r\nHello?\r\n".encode()
        take_in([RawArrival(inbox_id=inbox.pk, raw=raw, origin="smtp")])
    while waiting := waiting_arrivals():
        for pk in waiting:
            take_in_arrival(pk)
    found = []
    for one in Conversation.objects.order_by("pk"):
        found.append((one.pk, send_answer(one, Reply(text=f"Answer {one.pk}"), by=nora).pk))
    Delivery.objects.update(send_after=Delivery.objects.order_by("queued_at")[0].queued_at)
    return found


def _send(taken: Path, start: float) -> None:
    """A sender whose other side is a file: what is written there has left."""
    from makegood.channels.email import outbox

    def transmit(_server: object, letter: object, about_to_send: object) -> str:
        time.sleep(random.random() * 0.004)  # so that they meet
        about_to_send()  # type: ignore[operator]
        with taken.open("ab") as file:
            file.write(letter.content.split(b"Message-ID: ")[1].split(b"\r\n")[0] + b"\n")  # type: ignore[attr-defined]
        return ""

    outbox.transmit = transmit
    outbox.server_of = lambda _inbox, _what: None  # type: ignore[assignment,return-value]
    outbox.SLOTS = SENDERS
    time.sleep(max(0.0, start - time.time()))
    _until_done(lambda: outbox.send_next() or 0)


def _until_done(step: "partial[int] | object") -> None:
    from django.db import OperationalError

    idle = 0
    while idle < 40:
        try:
            idle = 0 if step() else idle + 1  # type: ignore[operator]
        except OperationalError:
            idle += 1
        time.sleep(0.02 if idle else 0)


def _undo(numbers: list[tuple[int, int]], start: float, seed: int) -> None:
    from django.db import OperationalError

    from makegood.conversations.models import Conversation
    from makegood.kit.errors import Refused
    from makegood.sending.undoing import take_back
    from makegood.team.models import Agent

    nora, chance = Agent.objects.get(), random.Random(seed)
    mine = list(numbers)
    chance.shuffle(mine)
    time.sleep(max(0.0, start - time.time()))
    for conversation, message in mine:
        time.sleep(chance.random() * PAUSE)
        for _try in range(2_000):
            try:
                take_back(Conversation.objects.get(pk=conversation), message, by=nora)
            except Refused:
                pass
            except OperationalError:
                time.sleep(0.02)
                continue
            break


def _judge(numbers: list[tuple[int, int]], taken: Path, tally: Tally) -> None:
    from makegood.channels.models import Delivery
    from makegood.conversations.models import Draft, Message

    copies = Counter(taken.read_text().split())
    said = set(Message.objects.filter(direction="outgoing").values_list("pk", flat=True))
    typed = Counter(Draft.objects.filter(purpose="reply").values_list("conversation", flat=True))
    for conversation, message in numbers:
        delivery = Delivery.objects.get(about=f"message:{message}")
        left, undone = copies[delivery.key], typed[conversation]
        tally.acknowledged += 1
        tally.stored_once += (left, undone) in ((1, 0), (0, 1))
        tally.lost += not left and not undone
        tally.duplicated += max(0, left + undone - 1)
        tally.duplicated += (message in said) != bool(left)
        tally.unacknowledged += undone


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--answers", type=int, default=60)
    parser.add_argument("--cluster", default="")
    main(parser.parse_args())
