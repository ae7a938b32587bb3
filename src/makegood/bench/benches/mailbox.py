"""A mailbox at a real Dovecot, fetched as the house does, against a client that only downloads."""

import imaplib
import multiprocessing
import os
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import connections

from makegood.bench.dovecot import PASSWORD, Dovecot, NoDovecot, dovecot
from makegood.bench.figures import Figure, figure
from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.channels.email.fetching import Collector
from makegood.channels.models import Arrival, Inbox
from makegood.ledger.actors import System

TURNS = 3
AT_ONCE = 100
"""Mails that the bare client asks for at once, and writes with one fsync."""


def mailbox(rounds: int) -> Iterator[Figure]:
    """Ours and the bare client in turns, each over the whole mailbox, in a process of its own."""
    count = rounds * 100
    try:
        with dovecot() as server:
            yield from _measured(server, count)
    except NoDovecot:
        sys.stderr.write("mailbox: not measured. It needs Dovecot: apt install dovecot-imapd\n")


def _measured(server: Dovecot, count: int) -> Iterator[Figure]:
    server.fill("many", _mails(count))
    server.fill("few", _mails(count // 10))
    for name in ("many", "few"):
        server.doveadm("search", "-u", name, "all")  # it counts them the first time, and once
    ours, bare = [], []
    for _turn in range(TURNS):
        bare.append(count / _apart(_download, server, "many")[0])
        taken, large = _apart(_fetch, server, "many")
        ours.append(count / taken)
    _taken, small = _apart(_fetch, server, "few")
    kept = Arrival.objects.filter(origin="imap").count()
    if kept != TURNS * count + count // 10:
        raise RuntimeError(f"{count} mails were there {TURNS} times, and {kept} were kept.")
    rate = statistics.median(ours)
    yield figure("mailbox.rate", rate, "mails/s", statistics.median(bare), TURNS * count)
    yield figure("mailbox.flat_mb", large, "MB", small, count)


Act = Callable[[Dovecot, str], None]


def _apart(act: Act, server: Dovecot, name: str) -> tuple[float, float]:
    """Seconds that it takes in a fork of its own, and the most megabytes it needs there."""
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe()
    child = fork.Process(target=_timed, args=[theirs, act, server, name])
    child.start()
    child.join()
    seconds, megabytes = ours.recv()
    return seconds, megabytes


def _timed(told: Any, act: Act, server: Dovecot, name: str) -> None:
    Path("/proc/self/clear_refs").write_text("5")  # forget the highest memory until now
    began = time.perf_counter()
    act(server, name)
    told.send((time.perf_counter() - began, _highest()))


def _highest() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _fetch(server: Dovecot, name: str) -> None:
    """An inbox of its own looks once: connect, take everything, leave."""
    wanted = InboxSettings(
        name=name,
        kind="email",
        address=f"{os.urandom(4).hex()}@bench.example",
        settings=server.settings(name),
        secrets={"password": PASSWORD},
    )
    inbox: Inbox = connect_inbox(wanted, by=System("bench"))
    Collector(inbox.pk, _OneLook()).run()


class _OneLook(threading.Event):
    """Asks the collector to stop as soon as it has looked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def is_set(self) -> bool:
        self.asked += 1
        return self.asked > 1


def _download(server: Dovecot, name: str) -> None:
    """The bare limit: ask, write, fsync."""
    client = imaplib.IMAP4("127.0.0.1", server.port)
    client.login(name, PASSWORD)
    client.select("INBOX", readonly=True)
    _ok, [found] = client.uid("SEARCH", "ALL")
    uids = found.decode().split()
    with TemporaryDirectory(dir=settings.DATA) as folder, (Path(folder) / "mails").open("wb") as to:
        for at in range(0, len(uids), AT_ONCE):
            some = ",".join(uids[at : at + AT_ONCE])
            _ok, parts = client.uid("FETCH", some, "(BODY.PEEK[] INTERNALDATE)")
            for part in parts:
                if isinstance(part, tuple):
                    to.write(part[1])
            to.flush()
            os.fsync(to.fileno())
    client.logout()


def _mails(count: int) -> Iterator[bytes]:
    """Such as people write: mostly some kilobytes, now and then a picture."""
    chance = random.Random(7)
    for number in range(count):
        lines = chance.randrange(10, 80) if number % 20 else 1_200
        body = "".join(
            f"Line {line} of what I wanted to say about it, at length.\r\n" for line in range(lines)
        )
        yield (
            f"From: Ida <ida{number}@bench.example>\r\nTo: hello@lantern.example\r\n"
            f"Subject: Lamp {number}\r\nMessage-ID: <{number}@bench.example>\r\n\r\n{body}"
        ).encode()
