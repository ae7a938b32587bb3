"""The readers of mail are killed at random while mutilated mails come in: each becomes a message.

Read, or held as one that could not be read, with its bytes beside it; and none waits for
another.
"""

import contextlib
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import pytest

from makegood.channels.actions import RawArrival, take_in
from makegood.channels.email import child
from makegood.channels.email.corpus.containers import odd_mails
from makegood.channels.email.corpus.replies import replies
from makegood.channels.email.corpus.wrecks import wrecks
from makegood.channels.models import Arrival, Inbox
from makegood.channels.queries import raw_bytes
from makegood.conversations.intake import take_in_arrival, waiting_arrivals
from makegood.conversations.models import Message
from tests.faults import size
from tests.faults.tally import Tally, count

MUTANTS = size.of(200, 10_000)
PATIENCE = 120.0
"""Seconds that a mail may hold up the next, on a busy machine: how long it took is printed."""


def mutants(number: int, seed: int) -> Iterator[bytes]:
    """Mails of the corpus, each with its own name, damaged as the wire and programs damage them."""
    chance = random.Random(seed)
    cases = [case.raw for case in (*replies(), *odd_mails(), *wrecks()) if len(case.raw) < 50_000]
    chance.shuffle(cases)
    for at, raw in enumerate(islice(cycle(cases), number)):
        yield f"Message-ID: <{seed}.{at}@mutant.test>\r\n".encode() + mutilated(raw, chance)


def mutilated(raw: bytes, chance: random.Random) -> bytes:
    mail = bytearray(raw)
    for _wound in range(chance.randrange(1, 6)):
        at = chance.randrange(len(mail) + 1)
        to = min(len(mail), at + chance.randrange(1, 40))
        match chance.randrange(4):
            case 0:
                mail[at:to] = chance.randbytes(to - at)
            case 1:
                del mail[at:to]
            case 2:
                mail[at:at] = mail[at:to] * 3
            case _:
                del mail[max(at, 60) :]
    return bytes(mail)


class Killer(threading.Thread):
    """Ends a reader, or the server that bears them, every tenth of a second or so.

    On a busy machine later: most mails are to be read before the next one falls.
    """

    def __init__(self, seed: int, longest: float) -> None:
        super().__init__(daemon=True)
        self.longest = longest
        self.chance = random.Random(seed)
        self.over = threading.Event()
        self.fell: Counter[str] = Counter()

    def run(self) -> None:
        while not self.over.wait(self.chance.uniform(0.01, self.longest)):
            server = child._server.process
            readers = _children(server.pid) if server else []
            if server is None or not readers:
                continue  # one that is not up yet is let come up
            is_server = self.fell.total() % 15 == 14
            with contextlib.suppress(ProcessLookupError):
                os.kill(server.pid if is_server else self.chance.choice(readers), signal.SIGKILL)
                self.fell["servers" if is_server else "readers"] += 1


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def take_in_all() -> float:
    """Whatever waits, until nothing does; the longest that one mail took."""
    longest = 0.0
    while waiting := waiting_arrivals():
        for pk in waiting:
            begun = time.monotonic()
            take_in_arrival(pk)
            longest = max(longest, time.monotonic() - begun)
    return longest


@pytest.mark.django_db(transaction=True)
def test_readers_that_fall_at_any_moment_lose_and_hold_up_no_mail(
    mailbox: Inbox, capsys: pytest.CaptureFixture[str]
) -> None:
    seed, begun = random.randrange(10**6), time.monotonic()
    mails = list(mutants(MUTANTS, seed))
    for at in range(0, len(mails), 100):
        some = mails[at : at + 100]
        take_in(RawArrival(inbox_id=mailbox.pk, raw=raw, origin="imap") for raw in some)
    child.read_apart(b"", {})  # the first one waits for the server to come up
    undisturbed = time.monotonic()
    for raw in mails[:5]:
        child.read_apart(raw, {})
    killer = Killer(seed, max(0.2, 2 * (time.monotonic() - undisturbed)))
    killer.start()
    longest = take_in_all()
    killer.over.set()
    killer.join()

    tally = judged(mails)
    tally.points = tally.delivered = killer.fell.total()
    tally.seconds = round(time.monotonic() - begun, 1)
    unread = Message.objects.filter(subject="A message that could not be read")
    count("R03", tally)
    with capsys.disabled():
        print(
            f"\n{tally.told()}; {dict(killer.fell)}, {len(mails)} mails, {unread.count()} held "
            f"unread, the longest took {longest:.1f} s, seed {seed}"
        )
    assert killer.fell["readers"] > 14
    assert killer.fell["servers"] > 0
    assert (tally.lost, tally.duplicated, tally.corrupt) == (0, 0, 0)
    assert tally.stored_once == MUTANTS
    assert longest < PATIENCE


def judged(mails: list[bytes]) -> Tally:
    """Every mail against its arrival, and every arrival against what became of it."""
    tally = Tally(scene="killed readers", acknowledged=len(mails))
    arrivals = list(Arrival.objects.all())
    kept = Counter(map(raw_bytes, arrivals))
    tally.lost = sum(not kept[mail] for mail in mails)
    tally.corrupt = sum(mail not in set(mails) for mail in kept)
    messages = Counter(Message.objects.values_list("arrival", flat=True))
    for arrival in arrivals:
        is_machine = arrival.outcome.startswith(("nothing:", "delivery:"))
        tally.lost += arrival.taken_at is None or not (messages[arrival.pk] or is_machine)
        tally.duplicated += max(0, messages[arrival.pk] - 1)
        tally.stored_once += bool(messages[arrival.pk] == 1 or is_machine)
    return tally
