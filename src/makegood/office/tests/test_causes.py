"""The causes of broken promises, through the office."""

import pytest
from django.test import Client

from makegood.promises.models import Cause
from makegood.team.models import Agent


@pytest.fixture
def as_olga(client: Client, olga: Agent) -> Client:
    client.force_login(olga)
    return client


def test_a_cause_is_added_renamed_and_offered_no_more(as_olga: Client) -> None:
    assert "too many at once" in as_olga.get("/office/causes/").content.decode()
    as_olga.post("/office/causes/", {"name": "The printer"})
    printer = Cause.objects.get(name="The printer")
    as_olga.post(f"/office/causes/{printer.pk}/", {"name": "The label printer"})
    as_olga.post(f"/office/causes/{printer.pk}/switching/", {"is_on": "no"})
    page = as_olga.get("/office/causes/").content.decode()
    assert "The label printer" in page
    assert "no longer offered" in page


def test_two_causes_have_two_names(as_olga: Client) -> None:
    answer = as_olga.post("/office/causes/", {"name": "Overlooked"})
    assert answer.status_code == 422
    assert "There is a cause of that name already." in answer.content.decode()
    assert Cause.objects.count() == 6
