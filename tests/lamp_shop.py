"""A small shop that speaks the generic connector's language over real HTTP, and can fail."""

import json
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote


@dataclass
class LampShop:
    """What it was asked, and how often it did it. `does` is how it meets the next questions.

    do · no (says no) · busy (asks to wait) · mute (does it, and is silent) ·
    dead (does nothing, and is silent)
    """

    knows_keys: bool = True
    """A shop that does not know its keys again does a thing each time that it is asked."""
    repeats: bool = False
    """Finds what it did under a key, and does it anew all the same when it is asked again."""
    does: deque[str] = field(default_factory=deque)
    journal: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    looked: int = 0
    order: dict[str, Any] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    server: ThreadingHTTPServer = field(init=False)

    def __post_init__(self) -> None:
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
                self.answer(*shop.asked(self.headers.get("Idempotency-Key", ""), said))

            def do_GET(self) -> None:
                self.answer(*shop.looked_for(self.path))

            def answer(self, status: int, said: Any) -> None:
                if not status:
                    self.close_connection = True
                    with suppress(OSError):
                        self.connection.shutdown(2)
                    return
                content = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                if status == 429:
                    self.send_header("Retry-After", "60")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_words: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def times(self, key: str) -> int:
        """How often this was really done."""
        return sum(1 for known, _said in self.journal if known == key)

    def times_for(self, ref: str) -> int:
        """How often something was done for this record of ours, whatever its seal."""
        return sum(1 for known, _said in self.journal if known.startswith(f"{ref}:"))

    def asked(self, key: str, said: dict[str, Any]) -> tuple[int, Any]:
        with self.lock:
            how = self.does.popleft() if self.does else "do"
            if how == "no":
                return 422, {"message": "This order is too old."}
            if how == "busy":
                return 429, {}
            if how == "dead":
                return 0, None
            if self.repeats or not (self.knows_keys and self.times(key)):
                self.journal.append((key, said))
            return (0, None) if how == "mute" else (200, self._done(key))

    def looked_for(self, path: str) -> tuple[int, Any]:
        kind, _slash, name = unquote(path).strip("/").partition("/")
        with self.lock:
            if kind == "orders":
                return (200, self.order) if self.order else (404, {})
            self.looked += 1
            is_known = self.knows_keys and self.times(name)
            return (200, self._done(name)) if is_known else (404, {})

    def _done(self, key: str) -> dict[str, Any]:
        said = next(said for known, said in self.journal if known == key)
        facts = {"code": said.get("code") or "LAMP-10"} if said["do"] == "coupon" else {}
        return {"id": f"done-{key[:60]}", "words": "Gladly.", "facts": facts}
