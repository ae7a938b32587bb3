from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone

from makegood.kit.compiled import Compiled

pytestmark = pytest.mark.django_db

LASTING: Compiled[Session] = Compiled(
    lambda moment: Session.objects.filter(expire_date__gt=moment).order_by("expire_date"),
    models.DateTimeField(),
)
CONTENT: Compiled[tuple[str]] = Compiled(
    lambda key: Session.objects.filter(session_key=key).values_list("session_data"),
    models.CharField(),
)


@pytest.fixture
def sessions():
    now = timezone.now()
    return [
        Session.objects.create(
            session_key=name, session_data=f"of {name}", expire_date=now + timedelta(hours=hours)
        )
        for name, hours in (("long-gone", -2), ("of-today", 2), ("of-tomorrow", 26))
    ]


def test_it_answers_what_the_orm_answers(sessions):
    now = timezone.now()
    asked = Session.objects.filter(expire_date__gt=now).order_by("expire_date")
    found = LASTING.all(now)
    assert [vars(one) | {"_state": 0} for one in found] == [
        vars(one) | {"_state": 0} for one in asked
    ]
    assert found[0].expire_date == sessions[1].expire_date, "a moment with its zone, not words"


def test_the_next_value_takes_the_place_of_the_last(sessions):
    now = timezone.now()
    assert LASTING.count(now) == 2
    assert LASTING.count(now + timedelta(days=1)) == 1
    assert LASTING.count(now - timedelta(days=1)) == 3
    assert LASTING.first(now + timedelta(days=9)) is None


def test_columns_alone_come_as_rows(sessions):
    assert CONTENT.all("of-today") == [("of of-today",)]
    assert CONTENT.first("of-nobody'--") is None


def test_what_it_found_can_be_changed(sessions):
    (found, _later) = LASTING.all(timezone.now())
    found.session_data = "other"
    found.save()
    assert CONTENT.first(found.session_key) == ("other",)


PERMISSIONS: Compiled[Permission] = Compiled(
    lambda name: (
        Permission.objects.filter(codename__startswith=name)
        .select_related("content_type")
        .order_by("codename")
    ),
    models.CharField(),
)


def test_rows_beside_its_own_come_along(django_assert_num_queries):
    asked = Permission.objects.filter(codename__startswith="add_").order_by("codename")
    wanted = [(one.codename, one.content_type.model) for one in asked]
    with django_assert_num_queries(1):
        found = [(one.codename, one.content_type.model) for one in PERMISSIONS.all("add_")]
    assert found == wanted != []
