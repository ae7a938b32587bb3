"""How the tests of the office ask: as whom, at what cost, and what was written down."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from makegood.ledger.models import Event
from makegood.team.models import Agent
from tests.world import proven


def signed_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent)
    return proven(client, agent)


@contextmanager
def at_most(queries: int) -> Iterator[None]:
    with CaptureQueriesContext(connection) as captured:
        yield
    said = "\n".join(query["sql"][:140] for query in captured.captured_queries)
    assert len(captured) <= queries, f"{len(captured)} queries, {queries} at most:\n{said}"


def told(thing: Any) -> list[str]:
    return [event.sentence() for event in Event.objects.about(thing.ref).in_order()]
