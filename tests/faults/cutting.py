"""A line to a server that breaks where it is told to: by the line, by the byte, or in silence."""

import contextlib
import select
import socket
import struct
import threading
from dataclasses import dataclass
from types import TracebackType
from typing import Literal

Side = Literal["server", "client"]
_RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Cut:
    """Where a connection breaks: after so many lines or bytes that one side has said."""

    after: int
    unit: Literal["lines", "bytes"] = "lines"
    side: Side = "server"
    how: Literal["close", "reset", "stall"] = "close"


class CuttableLine:
    """Listens on a port of its own and passes on to another, one connection at a time.

    The first connection after `cut` was set breaks; later ones do not.
    """

    def __init__(self, port: int) -> None:
        self.to = port
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.door.getsockname()[1])
        self.cut: Cut | None = None
        self.fell = 0
        """Cuts that really came."""
        self.said: dict[Side, bytes] = {"server": b"", "client": b""}
        """What was passed on over the last connection."""
        self.over = threading.Event()
        """Set while no connection lasts: what fell and what was said stand still."""
        self.over.set()
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "CuttableLine":
        self.thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()
        self.thread.join()

    def reached(self, cut: Cut) -> bool:
        """Whether the last connection said so much that this cut should have come."""
        said = self.said[cut.side]
        return (len(said) if cut.unit == "bytes" else said.count(b"\n")) >= cut.after

    def settle(self) -> None:
        """Wait until the line too knows that the connection has ended: its thread counts last."""
        assert self.over.wait(120), "a connection lasts though its client has gone"

    def _serve(self) -> None:
        while True:
            try:
                near, _address = self.door.accept()
            except OSError:
                return
            self.over.clear()
            cut, self.cut = self.cut, None
            self.said = {"server": b"", "client": b""}
            with near, socket.create_connection(("127.0.0.1", self.to)) as far:
                near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with contextlib.suppress(OSError):
                    self._pass_on(near, far, cut)
            self.over.set()

    def _pass_on(self, near: socket.socket, far: socket.socket, cut: Cut | None) -> None:
        while True:
            ready, _w, _x = select.select([near, far], [], [])
            for line in ready:
                side: Side = "server" if line is far else "client"
                words = line.recv(65536)
                if not words:
                    return
                length, falls = self._until(cut, side, words)
                # Where the other side has gone already, nothing was passed on and nothing falls.
                (near if line is far else far).sendall(words[:length])
                self.said[side] += words[:length]
                if falls:
                    self.fell += 1
                    assert cut is not None
                    _break(near, cut)
                    return

    def _until(self, cut: Cut | None, side: Side, words: bytes) -> tuple[int, bool]:
        """How much of these words still passes, and whether the cut comes then."""
        if cut is None or cut.side != side:
            return len(words), False
        if cut.unit == "bytes":
            left = cut.after - len(self.said[side])
        else:
            left = _end_of_line(words, cut.after - self.said[side].count(b"\n"))
        return (left, True) if left <= len(words) else (len(words), False)


def _end_of_line(words: bytes, number: int) -> int:
    """Where the line of this number ends; beyond the end, where there are fewer."""
    at = 0
    for _line in range(number):
        at = words.find(b"\n", at) + 1
        if not at:
            return len(words) + 1
    return at


def _break(near: socket.socket, cut: Cut) -> None:
    if cut.how == "reset":
        near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    if cut.how == "stall":
        # Both sides are there, and neither hears the other: until the client gives up.
        while near.recv(65536):
            pass
