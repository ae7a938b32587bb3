"""Mails over SMTP, each on the disk before its 250, against bare durable commits of one row."""

import multiprocessing
import os
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, connections

from makegood.bench.figures import Figure, figure
from makegood.bench.serving import free_port, wait_for
from makegood.channels.email.listener import listen_for_mail
from makegood.channels.models import Arrival

WORDS = "The lamp came with a crack along the base, and the shade is another colour. " * 24
ROW = 2_000
MOMENT = 0.4
"""Seconds of one turn."""


def intake(rounds: int) -> Iterator[Figure]:
    """In turns, a moment each, so that whatever else this machine does slows all alike."""
    bare: list[float] = []
    one: list[float] = []
    eight: list[float] = []
    with _listening() as port:
        _mails_a_second(port, 1, MOMENT)
        began, counted = Arrival.objects.count(), 0
        for _round in range(max(4, rounds // 8)):
            bare.append(commits_a_second(MOMENT))
            for clients, speeds in ((1, one), (8, eight)):
                speed, sent = _mails_a_second(port, clients, MOMENT)
                speeds.append(speed)
                counted += sent
        kept = Arrival.objects.count() - began
    if kept != counted:
        raise RuntimeError(f"{counted} mails were acknowledged and {kept} were kept.")
    alone, commits = statistics.median(one), statistics.median(bare)
    yield figure("intake.one_connection", alone, "mails/s", commits, counted)
    yield figure("intake.eight_connections", statistics.median(eight), "mails/s", alone, counted)


@contextmanager
def _listening() -> Iterator[int]:
    port = free_port()
    settings.SMTP_LISTEN = f"127.0.0.1:{port}"
    stop = multiprocessing.Event()
    connections.close_all()
    child = multiprocessing.get_context("fork").Process(
        target=listen_for_mail, args=[stop], daemon=True
    )
    child.start()
    try:
        wait_for(port)
        yield port
    finally:
        stop.set()
        child.join(10)


def _mails_a_second(port: int, clients: int, seconds: float) -> tuple[float, int]:
    """How many are acknowledged a second over so many connections, and how many in all."""
    sent = [0] * clients
    until = time.perf_counter() + seconds

    def client(number: int) -> None:
        with _Sender(port) as sender:
            while time.perf_counter() < until:
                sender.send()
                sent[number] += 1

    began = time.perf_counter()
    threads = [threading.Thread(target=client, args=[number]) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(sent) / (time.perf_counter() - began), sum(sent)


class _Sender:
    """A mail client that keeps its connection: command, answer, command, answer."""

    def __init__(self, port: int) -> None:
        self.wire = socket.create_connection(("127.0.0.1", port))
        self.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._hear(b"220")
        self._say(b"EHLO bench.example\r\n", b"250")

    def __enter__(self) -> "_Sender":
        return self

    def __exit__(self, *_problem: object) -> None:
        self._say(b"QUIT\r\n", b"221")
        self.wire.close()

    def send(self) -> None:
        name = os.urandom(8).hex()
        mail = (
            f"From: Ida <ida@bench.example>\r\nTo: hello@lantern.example\r\nSubject: {name}\r\n"
            f"Message-ID: <{name}@bench.example>\r\n\r\n{WORDS}\r\n.\r\n"
        )
        self._say(b"MAIL FROM:<ida@bench.example>\r\n", b"250")
        self._say(b"RCPT TO:<hello@lantern.example>\r\n", b"250")
        self._say(b"DATA\r\n", b"354")
        self._say(mail.encode(), b"250")

    def _say(self, words: bytes, wanted: bytes) -> None:
        self.wire.sendall(words)
        self._hear(wanted)

    def _hear(self, wanted: bytes) -> None:
        said = b""
        while not (said.endswith(b"\r\n") and said.splitlines()[-1][3:4] != b"-"):
            more = self.wire.recv(4096)
            if not more:
                raise RuntimeError("The listener hung up.")
            said += more
        if not said.startswith(wanted):
            raise RuntimeError(f"The listener said {said!r}.")


def commits_a_second(seconds: float) -> float:
    """One row, one transaction, one fsync, again and again, on the same disk."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_bare (id integer PRIMARY KEY, raw blob)")
        began, done = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            cursor.execute("INSERT INTO bench_bare(raw) VALUES (%s)", [os.urandom(ROW)])
            done += 1
        taken = time.perf_counter() - began
        cursor.execute("DROP TABLE bench_bare")
    return done / taken
