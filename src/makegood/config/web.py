"""The web process: pages, API and the live feed on one port."""

import asyncio
import logging
import signal
from functools import partial

from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server

log = logging.getLogger(__name__)

STREAMS = 20_000
"""Granian stalls near 4,096 open streams until this is raised (docs/performance.md)."""


def serve_pages(host: str, port: int) -> None:
    """Serve until asked to end."""
    asyncio.run(_serve(host, port))


async def _serve(host: str, port: int) -> None:
    from makegood.config.asgi import application  # after the fork: it makes its threads

    server = Server(
        application,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        websockets=False,
        backpressure=STREAMS,
        backlog=1024,
        log_enabled=False,
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, partial(_stop, server))
    await server.serve()


def _stop(server: Server) -> None:
    from makegood.live.hub import hub  # loaded with the application, after the fork

    hub.end()
    server.stop()  # type: ignore[no-untyped-call]
