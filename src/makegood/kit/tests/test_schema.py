"""Columns are added without writing tables anew; references are checked where rows were."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, migrations, models
from django.db.migrations.state import ProjectState
from django.test.utils import CaptureQueriesContext

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
LAMPS = migrations.CreateModel("Lamp", [("id", models.BigAutoField(primary_key=True))])


def apply(operation: Any, state: ProjectState) -> ProjectState:
    after = state.clone()
    operation.state_forwards("shop", after)
    with connection.schema_editor() as editor:
        operation.database_forwards("shop", editor, state, after)
    return after


@pytest.fixture
def lamps() -> Any:
    state = apply(LAMPS, ProjectState())
    yield state
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE shop_lamp")


@pytest.mark.parametrize("kept", [{}, {"db_default": False}])
def test_a_column_with_a_default_touches_no_row(lamps: ProjectState, kept: Any) -> None:
    lamps.apps.get_model("shop", "Lamp").objects.create()
    bright = models.BooleanField(default=False, **kept)
    with CaptureQueriesContext(connection) as asked:
        after = apply(migrations.AddField("lamp", "is_bright", bright), lamps)
    said = " ".join(query["sql"] for query in asked)
    assert "INSERT" not in said
    assert "foreign_key_check" not in said
    assert after.apps.get_model("shop", "Lamp").objects.get().is_bright is False


def test_rows_that_refer_to_nothing_are_found(lamps: ProjectState) -> None:
    beside = models.ForeignKey("shop.Lamp", models.PROTECT, null=True)
    state = apply(migrations.AddField("lamp", "beside", beside), lamps)

    def spoil(apps: Any, _editor: Any) -> None:
        lamp = apps.get_model("shop", "Lamp")
        lamp.objects.bulk_create([lamp(beside_id=99), lamp(beside_id=98)])

    with pytest.raises(IntegrityError):
        apply(migrations.RunPython(spoil), state)
    assert not connection.in_atomic_block
    assert not lamps.apps.get_model("shop", "Lamp").objects.exists()
