"""Loading very many rows at once: a prepared statement on SQLite, COPY on PostgreSQL.

Rows are tuples of values as the database takes them; numbers are given, not asked for. Only
for making desks of any size and for imports: single things go through the models.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models


def load(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows into a model's table. `columns` are column names (`customer_id`)."""
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["?"] * len(columns))
            sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
            raw: Any = connection.connection
            raw.executemany(sql, rows)


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
