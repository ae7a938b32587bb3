"""A wire between us and a store, at which whoever asks is killed, or never hears the answer."""

import os
import signal
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

SECONDS = 60.0
ACTS = ("/refund", "/admin/promotions")
"""What is asked by POST at such a place does something."""


class Fault(StrEnum):
    """What befalls the next act."""

    KILLED_BEFORE = "killed before the store heard of it"
    KILLED_AFTER = "killed when the store had done it"
    SILENT = "the answer was lost"


@dataclass
class Wire:
    """Every question goes on to the store as it came; `faults` befall the acts, one after one."""

    store: str
    faults: deque[Fault] = field(default_factory=deque)
    victim: int = 0
    """The process that is asking, and may be killed."""
    fell: list[Fault] = field(default_factory=list)
    acts: int = 0
    """How often the store was asked to do something."""
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def carried(self, method: str, path: str, headers: dict[str, str], raw: bytes) -> Any:
        """The store's answer; None where whoever asked is not to hear it."""
        is_act = method == "POST" and path.partition("?")[0].endswith(ACTS)
        fault = self.faults.popleft() if is_act and self.faults else None
        if fault == Fault.KILLED_BEFORE:
            return self._fall(fault)
        self.acts += is_act
        answer = httpx.request(
            method, f"{self.store}{path}", headers=headers, content=raw, timeout=SECONDS
        )
        if fault is not None:
            assert answer.is_success, answer.text
            return self._fall(fault)
        return answer

    def _fall(self, fault: Fault) -> None:
        self.fell.append(fault)
        if fault != Fault.SILENT:
            os.kill(self.victim, signal.SIGKILL)


@contextmanager
def wired(store: str) -> Iterator[Wire]:
    wire = Wire(store)

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            kept = ("authorization", "content-type", "accept")
            headers = {name: value for name, value in self.headers.items() if name.lower() in kept}
            answer = wire.carried(self.command, self.path, headers, raw)
            self.close_connection = True
            if answer is None:
                return
            self.send_response(answer.status_code)
            kind = answer.headers.get("content-type", "application/json")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = do_PUT = do_DELETE = _any

        def log_message(self, *_args: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    wire.port = server.server_port
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    try:
        yield wire
    finally:
        server.shutdown()
        server.server_close()
