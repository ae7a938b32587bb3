"""How the desk's tests ask: signed in, in parts, and with an eye on the queries."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.world import proven

HTMX = {"HX-Request": "true"}


def signed_in(agent: Any) -> Client:
    client = Client()
    client.force_login(agent)
    return proven(client, agent)


def part(target: str) -> dict[str, str]:
    """The headers by which htmx asks for one part of a page."""
    return {**HTMX, "HX-Target": target}


@contextmanager
def at_most(queries: int) -> Iterator[None]:
    with CaptureQueriesContext(connection) as captured:
        yield
    said = "\n".join(query["sql"][:160] for query in captured.captured_queries)
    assert len(captured) <= queries, f"{len(captured)} queries, {queries} at most:\n{said}"
