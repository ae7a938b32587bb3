"""What a person sees when the database is away, and when something else broke."""

import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from makegood.kit import failing


def breaks(request: HttpRequest) -> HttpResponse:
    raise {"away": OperationalError, "closed": InterfaceError}.get(request.GET["how"], ValueError)


urlpatterns = [path("breaks/", breaks)]
handler500 = "makegood.kit.failing.failed"


@pytest.fixture
def asking(client):
    client.raise_request_exception = False
    with override_settings(
        ROOT_URLCONF=__name__, MIDDLEWARE=["makegood.kit.middleware.strict_headers"]
    ):
        yield lambda how: client.get(f"/breaks/?how={how}")


@pytest.mark.parametrize("how", ["away", "closed"])
def test_a_database_that_is_away_is_said_to_come_back(asking, how):
    answer = asking(how)
    assert answer.status_code == 503
    assert answer["Retry-After"] == str(failing.RETRY_AFTER_SECONDS)
    assert b"Nothing was lost" in answer.content


def test_any_other_error_is_our_fault(asking):
    answer = asking("otherwise")
    assert answer.status_code == 500
    assert "Retry-After" not in answer
    assert b"Something broke on our side" in answer.content
