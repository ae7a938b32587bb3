import pytest
from django.db import connection

from makegood.bench.bare import rows_sql
from makegood.bench.bare_views import SHAPES, source_of
from makegood.bench.benches.asking import shapes
from makegood.conversations.models import Conversation, Tag

ASKED = {"agent": "1", "word": "lamp", "tag": "late", "since": "2020-01-01"}


@pytest.mark.django_db
def test_every_kind_of_view_has_a_raw_query_that_the_database_understands(
    lamp: Conversation,
) -> None:
    Tag.objects.create(name="late")
    assert set(SHAPES) == set(shapes())
    found = {}
    for kind in SHAPES:
        source = source_of(kind, ASKED, is_postgresql=connection.vendor == "postgresql")
        with connection.cursor() as cursor:
            cursor.execute(rows_sql(*source, agent=1).replace("%", "%%"))
            found[kind] = [row[0] for row in cursor.fetchall()]
    assert found["walked"] == [lamp.pk]
    assert found["tagged"] == []
