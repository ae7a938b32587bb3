"""A weak link: everything passes, until all of it is cut at once; again and again."""

import contextlib
import random
import socket
import struct
import threading
from types import TracebackType

_RESET = struct.pack("ii", 1, 0)


class WeakLine:
    """Listens on a port of its own, passes any number of connections on, and cuts them all."""

    def __init__(self, port: int) -> None:
        self.to = port
        self.door = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = int(self.door.getsockname()[1])
        self.fell = 0
        """Connections that were cut."""
        self._open: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = threading.Lock()
        self._over = threading.Event()

    def __enter__(self) -> "WeakLine":
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()
        self.cut()

    def cut_now_and_then(self, seconds: tuple[float, float], chance: random.Random) -> None:
        """Cut everything after a while, and again, until the line is closed."""
        while not self._over.wait(chance.uniform(*seconds)):
            self.cut()

    def cut(self) -> None:
        """What is under way in either direction is lost; both sides see that it broke."""
        with self._lock:
            pairs, self._open = self._open, set()
        for pair in pairs:
            self.fell += 1
            for end in pair:
                with contextlib.suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                    end.shutdown(socket.SHUT_RDWR)
                end.close()

    def _serve(self) -> None:
        while True:
            try:
                near, _address = self.door.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self.to), timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            with self._lock:
                self._open.add((near, far))
            for one, other in ((near, far), (far, near)):
                threading.Thread(
                    target=self._pass_on, args=[one, other, (near, far)], daemon=True
                ).start()

    def _pass_on(
        self, one: socket.socket, other: socket.socket, pair: tuple[socket.socket, socket.socket]
    ) -> None:
        with contextlib.suppress(OSError):
            while words := one.recv(65536):
                other.sendall(words)
        with self._lock:
            is_mine = pair in self._open
            self._open.discard(pair)
        if is_mine:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()
