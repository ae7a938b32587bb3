"""The product and the bare pages in one process, under one server, on one port."""

import asyncio
import gc
import http.client
import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections

from makegood.team.models import Agent


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextmanager
def served() -> Iterator[int]:
    """Serve in a child process while the block runs; the port that it listens on."""
    port = free_port()
    connections.close_all()
    child = multiprocessing.get_context("fork").Process(target=_serve, args=[port], daemon=True)
    child.start()
    try:
        wait_for(port)
        yield port
    finally:
        if child.pid:
            os.kill(child.pid, signal.SIGTERM)
        child.join(10)


def _serve(port: int) -> None:
    from granian.constants import HTTPModes, Interfaces  # only the child that serves needs it
    from granian.server.embed import Server

    async def run() -> None:
        server = Server(
            _both(),
            address="127.0.0.1",
            port=port,
            interface=Interfaces.ASGI,
            http=HTTPModes.http1,
            websockets=False,
            log_enabled=False,
        )
        stop = asyncio.get_running_loop().add_signal_handler
        stop(signal.SIGTERM, lambda: os._exit(0))
        await server.serve()

    gc.collect()
    gc.freeze()  # as the product's parent does before it starts whoever serves
    asyncio.run(run())


def _both() -> Any:
    from a2wsgi import WSGIMiddleware  # after the fork: it makes threads, as config.asgi does

    from makegood.bench.bare import application as bare_pages  # after the fork as well
    from makegood.config.asgi import THREADS, application  # after the fork as well

    bare: Any = WSGIMiddleware(bare_pages, workers=THREADS)  # type: ignore[arg-type]

    async def both(scope: Any, receive: Any, send: Any) -> None:
        is_bare = scope.get("path", "").startswith("/bare/")
        await (bare if is_bare else application)(scope, receive, send)

    return both


def wait_for(port: int, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


class Browser:
    """One signed-in client on one connection that stays open; it keeps its cookies."""

    def __init__(self, port: int, agent: Agent) -> None:
        self.wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.session = signed_in(agent)
        self.cookies = {settings.SESSION_COOKIE_NAME: self.session}

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def _keep(self, answer: http.client.HTTPResponse) -> None:
        for said in answer.headers.get_all("Set-Cookie") or ():
            name, _equals, value = said.partition(";")[0].partition("=")
            self.cookies[name] = value

    def get(self, path: str) -> bytes:
        self.wire.request("GET", path, headers=self.headers)
        answer = self.wire.getresponse()
        body = answer.read()
        self._keep(answer)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}: {body[:200]!r}")
        return body

    def post(self, path: str, content: str) -> None:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        self.wire.request("POST", path, body=content, headers={**self.headers, **kind})
        answer = self.wire.getresponse()
        body = answer.read()
        if answer.status not in (200, 302):
            raise RuntimeError(f"{path} answered {answer.status}: {body[:300]!r}")

    def form_secret(self, path: str) -> str:
        """The word by which a page's forms show that they are ours."""
        page = self.get(path).decode()
        return page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]


def signed_in(agent: Agent) -> str:
    """A session of this agent, as signing in makes one."""
    session = SessionStore()
    session[SESSION_KEY] = str(agent.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = agent.get_session_auth_hash()
    session.create()
    return str(session.session_key)
