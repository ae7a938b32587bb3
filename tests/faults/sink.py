"""The mail server of the customers, in a process of its own: writes down what it has taken."""

import json
import os
import signal
import socket
import threading
from pathlib import Path

from makegood.channels.email.tests.sink import Sink, running


class _Remembering(Sink):
    """Once the end of a mail has come, the mail is taken: whether or not we can still say so."""

    def __init__(self, log: Path, step: str) -> None:
        super().__init__()
        self.log = log
        self.step = step

    def serve(self, sock: socket.socket) -> None:
        """Every second visitor is cut off at the step that was asked for."""
        cuts = {".": "cut after"} if self.step == "TAKEN" else {self.step: "cut"}
        self.answers = cuts if self.step and not self.answers else {}
        super().serve(sock)

    def take(self, stream: object) -> bool:
        taken = super().take(stream)
        if taken:
            key = self.mails[-1].partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode()
            with self.log.open("a") as file:
                file.write(json.dumps(key) + "\n")
        return taken


def start_sink(log: Path, step: str = "") -> int:
    """Start it; returns its port. It ends with the process that started it."""
    read, write = os.pipe()
    parent = os.getpid()
    if not os.fork():
        os.close(read)
        with running(_Remembering(log, step)) as sink:
            os.write(write, str(sink.port).encode())
            while os.getppid() == parent:
                threading.Event().wait(0.2)
        os.kill(os.getpid(), signal.SIGKILL)
    os.close(write)
    port = int(os.read(read, 10))
    os.close(read)
    return port
