"""Foreign bytes are read in a throw-away child: no secrets, no database, no network, little time.

A small server process, started with an empty environment, holds the reader warm and forks
once per mail. The caller hands it one end of a socket pair and talks with the child over the
other, so that a mail that stalls holds up nobody else.
"""

import atexit
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from makegood.channels.interface import Incoming

from . import framing
from .limits import WALL_SECONDS

_STARTING_SECONDS = 20


class ReadFailed(Exception):
    """A mail could not be read. `reason` says why in one word for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_apart(raw: bytes, envelope: dict[str, Any], *, careful: bool = False) -> Incoming:
    """Read a mail in a child of its own. Raises `ReadFailed`."""
    try:
        return _read_once(raw, envelope, careful)
    except ReadFailed:
        if not _server.has_died():
            raise
    # The server fell, and the mail with it while it waited: that says nothing of the mail.
    return _read_once(raw, envelope, careful)


def ask_apart(raw: bytes, told: dict[str, Any]) -> dict[str, Any]:
    """Have a child look at the signatures of a mail (`authentication`). Raises `ReadFailed`."""
    head, _blobs = _exchange(raw, {"do": "authenticate", **told})
    return head


def _read_once(raw: bytes, envelope: dict[str, Any], careful: bool) -> Incoming:
    head, blobs = _exchange(raw, {"envelope": _plain(envelope), "careful": careful})
    try:
        return framing.understood(head, blobs)
    except framing.BadFrame as error:
        raise ReadFailed("nonsense") from error


def _exchange(raw: bytes, told: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """One question to a child of its own, and its answer."""
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            _server.hand_over(theirs)
        ours.settimeout(WALL_SECONDS + 2)
        begun = time.monotonic()
        try:
            for piece in filter(
                None, framing.pack(told, [raw])
            ):  # an empty one may come after the child has gone
                ours.sendall(piece)
            return framing.unpack(_taker(ours))
        except (OSError, EOFError) as error:
            late = time.monotonic() - begun > WALL_SECONDS - 1
            raise ReadFailed("too slow" if late else "stopped") from error
        except framing.BadFrame as error:
            raise ReadFailed("nonsense") from error


def _plain(envelope: dict[str, Any]) -> dict[str, Any]:
    """Only what reading needs, as JSON can say it."""
    recipients = [str(each) for each in envelope.get("to", ())]
    told: dict[str, Any] = {"to": recipients}
    for name in ("from", "received_at"):
        if envelope.get(name) is not None:
            told[name] = str(envelope[name])
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
