"""Loading very many rows at once: a prepared statement on SQLite, COPY on PostgreSQL.

Rows are tuples of values as the database takes them; numbers are given, not asked for. Only
for making desks of any size and for imports: single things go through the models.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.db import connection, models


def load(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows into a model's table. `columns` are column names (`customer_id`).

    What the model has besides stands at its default, as in a row that the model makes itself.
    """
    rest = _rest(model, columns)
    filled = ((*row, *(value() for value in rest.values())) for row in rows) if rest else rows
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(name) for name in (*columns, *rest))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in filled:
                    copy.write_row(row)
        else:
            marks = ", ".join(["?"] * (len(columns) + len(rest)))
            sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
            raw: Any = connection.connection
            raw.executemany(sql, filled)


def _rest(model: type[models.Model], columns: Sequence[str]) -> dict[str, Callable[[], Any]]:
    """The columns that are not named and may not be empty, and what stands there by default."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    return {
        str(field.column): partial(_default, field)
        for field in fields
        if field.column not in columns and not field.null and not field.has_db_default()
    }


def _default(field: "models.Field[Any, Any]") -> Any:
    return field.get_db_prep_save(field.get_default(), connection)


def next_number(model: type[models.Model]) -> int:
    """The number that the next row of this table may have."""
    newest = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return int(newest or 0) + 1


def settle_numbers(*tables: type[models.Model]) -> None:
    """Let the database count on from the numbers that were given (PostgreSQL's sequences)."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in tables:
            table, column = model._meta.db_table, model._meta.pk.column
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
                [table, column, max(1, next_number(model) - 1)],
            )


def moments() -> Callable[[float], Any]:
    """How this database takes a moment given in seconds since 1970."""
    if connection.vendor == "postgresql":
        return lambda seconds: datetime.fromtimestamp(seconds, UTC)
    return lambda seconds: datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat(" ")
