"""Foreign bytes are read in a throw-away child: no secrets, no database, no network, little time.

A small server process, started with an empty environment, holds the reader warm and forks
children that wait at its socket. The caller hands them one end of a socket pair and talks with
the child that takes it over the other, so that a mail that stalls holds up nobody else. A child
reads some mails, each with its own allowance of time, and is replaced; after anything odd at once.
"""

import atexit
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from makegood.channels.interface import Incoming

from . import framing
from .limits import CPU_SECONDS, WALL_SECONDS

_STARTING_SECONDS = 20
_MOST_USED = 8
"""Tries to find a fresh child: more than that many used ones seldom wait."""


class ReadFailed(Exception):
    """A mail could not be read. `reason` says why in one word for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _NotToBlame(ReadFailed):
    """The child was used, or its server fell: that says nothing of the mail."""


def read_apart(raw: bytes, envelope: dict[str, Any], *, careful: bool = False) -> Incoming:
    """Read a mail in the child. Raises `ReadFailed`."""
    head, blobs = _ask(raw, {"envelope": _plain(envelope), "careful": careful})
    try:
        return framing.understood(head, blobs)
    except framing.BadFrame as error:
        raise ReadFailed("nonsense") from error


def ask_apart(raw: bytes, told: dict[str, Any]) -> dict[str, Any]:
    """Have a child look at the signatures of a mail (`authentication`). Raises `ReadFailed`."""
    return _ask(raw, {"do": "authenticate", **told})[0]


def _ask(raw: bytes, told: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """One question. What another mail may be to blame for is asked again, of a fresh child."""
    try:
        return _exchange(raw, told)
    except _NotToBlame as error:
        last = error
    for _child in range(_MOST_USED):
        # A used child leaves the mail and ends; the fresh ones come next.
        with suppress(_NotToBlame):
            return _exchange(raw, {**told, "fresh": True})
    raise last


def _exchange(raw: bytes, told: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """One question to a child, and its answer."""
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            _server.hand_over(theirs)
        ours.settimeout(WALL_SECONDS + 2)
        begun = time.monotonic()
        said = b""
        try:
            _give(ours, framing.pack(told, [raw]))
            take = _taker(ours)
            said = take(1)
            if said == framing.LEFT:
                raise _NotToBlame("used")
            return framing.unpack(take)
        except (OSError, EOFError) as error:
            took = time.monotonic() - begun
            if took < CPU_SECONDS - 1 and (said == framing.USED or _server.has_died()):
                raise _NotToBlame("stopped") from error
            late = took > WALL_SECONDS - 1
            raise ReadFailed("too slow" if late else "stopped") from error
        except framing.BadFrame as error:
            raise ReadFailed("nonsense") from error


def _give(sock: socket.socket, pieces: list[bytes]) -> None:
    """Send a frame. What follows an answer that came early is not wanted any more."""
    for piece in filter(None, pieces):
        sock.sendall(piece)


def _plain(envelope: dict[str, Any]) -> dict[str, Any]:
    """Only what reading needs, as JSON can say it."""
    recipients = [str(each) for each in envelope.get("to", ())]
    told: dict[str, Any] = {"to": recipients}
    for name in ("from", "received_at"):
        if envelope.get(name) is not None:
            told[name] = str(envelope[name])
    if envelope.get("keys"):
        told["keys"] = list(envelope["keys"])
    return told


def _taker(sock: socket.socket) -> Any:
    def take(size: int) -> bytes:
        buffer = bytearray(size)
        view = memoryview(buffer)
        at = 0
        while at < size:
            got = sock.recv_into(view[at:])
            if not got:
                raise EOFError
            at += got
        return bytes(buffer)

    return take


class _Server:
    """The warm process that forks. Started when first needed, and again when it has died."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.control: socket.socket | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.owner = 0

    def hand_over(self, sock: socket.socket) -> None:
        with self.lock:
            if self.control is None or self.owner != os.getpid():
                self.start()
            try:
                self.send(sock)
            except OSError:
                self.stop()
                self.start()
                self.send(sock)

    def has_died(self) -> bool:
        """Whether the server ended without being asked; the next mail starts another."""
        with self.lock:
            if self.process is None or self.process.poll() is None:
                return False
            self.stop()
            return True

    def send(self, sock: socket.socket) -> None:
        assert self.control is not None
        socket.send_fds(self.control, [b"m"], [sock.fileno()])

    def start(self) -> None:
        ours, theirs = socket.socketpair()
        source = str(Path(__file__).resolve().parents[3])
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "makegood.channels.email.nursery", str(theirs.fileno())],
                env={"PYTHONPATH": source, "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd="/",
            )
        ours.settimeout(_STARTING_SECONDS)
        if ours.recv(1) != b"r":
            self.process.kill()
            self.process.wait()
            ours.close()
            raise ReadFailed("no reader")
        self.control, self.owner = ours, os.getpid()

    def stop(self) -> None:
        """Let the process end: it does so when nobody holds the other end of its socket."""
        if self.control is not None:
            self.control.close()
            self.control = None
        if self.process is not None and self.owner == os.getpid():
            try:
                self.process.wait(timeout=2)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None


_server = _Server()
atexit.register(_server.stop)
