"""An IMAP server that offers no encryption, and remembers what was said to it all the same."""

import socket
import threading
from types import TracebackType


class PlainServer:
    def __init__(self) -> None:
        self.door = socket.create_server(("127.0.0.1", 0))
        self.door.settimeout(0.2)
        self.port = int(self.door.getsockname()[1])
        self.heard: list[bytes] = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._serve)

    def __enter__(self) -> "PlainServer":
        self.thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.stop.set()
        self.thread.join()
        self.door.close()

    def _serve(self) -> None:
        while not self.stop.is_set():
            try:
                sock, _address = self.door.accept()
            except TimeoutError:
                continue
            sock.settimeout(5)
            with sock:
                try:
                    self._talk(sock)
                except OSError:
                    continue

    def _talk(self, sock: socket.socket) -> None:
        stream = sock.makefile("rwb")
        stream.write(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n")
        stream.flush()
        for line in stream:
            self.heard.append(line)
            tag = line.split(b" ")[0]
            if b"CAPABILITY" in line:
                stream.write(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n")
            stream.write(tag + b" OK done\r\n")
            stream.flush()
            if b"LOGOUT" in line:
                return
