from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from makegood.conversations.models import Conversation
from tests.world import write_form


def signed_in(agent: Any) -> Client:
    client = Client()
    client.force_login(agent)
    return client


@pytest.fixture
def as_nora(nora: Any) -> Client:
    return signed_in(nora)


@pytest.fixture
def as_vera(vera: Any) -> Client:
    return signed_in(vera)


@contextmanager
def at_most(queries: int) -> Iterator[None]:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        yield
    said = "\n".join(query["sql"][:160] for query in captured.captured_queries)
    assert len(captured) <= queries, f"{len(captured)} queries, {queries} at most:\n{said}"


def test_the_start_is_who_waits(as_nora: Client) -> None:
    assert as_nora.get("/").headers["Location"] == "/inbox/waiting/"


@pytest.mark.parametrize("view", ["waiting", "mine", "unassigned", "open", "snoozed", "resolved"])
def test_every_view_is_a_page(lamp: Conversation, as_nora: Client, view: str) -> None:
    assert as_nora.get(f"/inbox/{view}/").status_code == 200


def test_the_list_shows_who_waits_and_what_they_said(lamp: Conversation, as_nora: Client) -> None:
    shown = as_nora.get("/inbox/waiting/").content.decode()
    assert "Ida Berg" in shown
    assert "My lamp" in shown
    assert f"/conversations/{lamp.pk}/?view=waiting" in shown


def test_an_empty_list_is_an_achievement(as_nora: Client) -> None:
    assert "Nobody is waiting" in as_nora.get("/inbox/waiting/").content.decode()


def test_the_inbox_keeps_its_query_budget(form: Any, as_nora: Client) -> None:
    for number in range(12):
        write_form(form, "Hello", email=f"person{number}@example.com", name=f"Person {number}")
    with at_most(12):
        as_nora.get("/inbox/waiting/")
