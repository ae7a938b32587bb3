import pytest
from django.test import Client

from makegood.office.tests.asking import signed_in
from makegood.team.models import Agent


@pytest.fixture
def as_olga(olga: Agent) -> Client:
    return signed_in(olga)


@pytest.fixture
def as_tomas(tomas: Agent) -> Client:
    return signed_in(tomas)


@pytest.fixture
def as_nora(nora: Agent) -> Client:
    return signed_in(nora)
