"""The little of an IMAP server that signing in and looking needs."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class ImapServer:
    """`refuses` is what it says to whoever signs in, where it does."""

    refuses: str = ""
    port: int = 0
    heard: list[str] = field(default_factory=list)

    def serve(self, sock: socket.socket) -> None:
        stream = sock.makefile("rwb")

        def say(line: str) -> None:
            stream.write(line.encode() + b"\r\n")
            stream.flush()

        say("* OK ready")
        while line := stream.readline().decode().strip():
            tag, verb, *rest = line.split(" ")
            self.heard.append(" ".join([verb, *rest]))
            if verb == "CAPABILITY":
                say("* CAPABILITY IMAP4rev1")
            elif verb == "LOGIN" and self.refuses:
                say(f"{tag} NO {self.refuses}")
                continue
            elif verb in ("SELECT", "EXAMINE"):
                say("* 17 EXISTS")
            elif verb == "LOGOUT":
                say("* BYE")
            say(f"{tag} OK done")


@contextmanager
def answering(server: ImapServer) -> Iterator[ImapServer]:
    door = socket.create_server(("127.0.0.1", 0))
    server.port = door.getsockname()[1]

    def accept() -> None:
        while True:
            try:
                sock, _address = door.accept()
            except OSError:
                return
            with sock:
                server.serve(sock)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        door.shutdown(socket.SHUT_RDWR)
        door.close()
        thread.join(5)
