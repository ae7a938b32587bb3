"""A Stripe of our own: a server on this machine that keeps disputes and counts what it is told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Stripe:
    def __init__(self) -> None:
        self.disputes: dict[str, dict[str, Any]] = {}
        self.charges: dict[str, dict[str, Any]] = {}
        self.submitted: list[dict[str, str]] = []
        self.keys: set[str] = set()
        self.says: list[str] = []
        """How the next posts are answered: "", "busy", "no", "silence", "silence after"."""
        self.address = ""

    def post(self, name: str, fields: dict[str, str], key: str) -> None:
        if key in self.keys:
            return
        self.keys.add(key)
        self.submitted.append(fields)
        dispute = self.disputes[name]
        dispute["status"] = "under_review"
        dispute["evidence_details"] |= {"submission_count": 1, "has_evidence": True}


@contextmanager
def running() -> Iterator[Stripe]:
    stripe = Stripe()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path).path.strip("/").split("/")
            if parts == ["v1", "disputes"]:
                self._answer(200, {"data": list(stripe.disputes.values()), "has_more": False})
            else:
                kept = stripe.disputes if parts[1] == "disputes" else stripe.charges
                found = kept.get(parts[2])
                self._answer(200 if found else 404, found or {"error": {"message": "No such"}})

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            fields = {name: values[0] for name, values in parse_qs(raw.decode()).items()}
            name, says = self.path.rpartition("/")[2], stripe.says.pop(0) if stripe.says else ""
            if says in ("", "silence after"):
                stripe.post(name, fields, self.headers.get("Idempotency-Key", ""))
            if says.startswith("silence"):
                self.close_connection = True
                self.connection.close()
            elif says == "busy":
                self._answer(429, {"error": {"message": "Too many"}})
            elif says == "no":
                self._answer(400, {"error": {"message": "This dispute is already closed."}})
            else:
                self._answer(200, stripe.disputes[name])

        def _answer(self, status: int, said: Any) -> None:
            raw = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # its own name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    stripe.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield stripe
    finally:
        server.shutdown()
        server.server_close()
        thread.join(120)
