"""Pieces of SQL with their values apart: text of ours, and what was typed as values only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Sql:
    """A condition on a row `c`, with its values in order."""

    text: str
    values: tuple[Any, ...] = ()

    def is_everything(self) -> bool:
        return self.text == EVERYTHING.text


EVERYTHING, NOTHING = Sql("1=1"), Sql("1=0")


def both(parts: Sequence[Sql]) -> Sql:
    return joined(parts, " AND ", EVERYTHING)


def joined(parts: Sequence[Sql], joint: str, empty: Sql) -> Sql:
    if len(parts) < 2:
        return parts[0] if parts else empty
    values = tuple(value for part in parts for value in part.values)
    return Sql("(" + joint.join(part.text for part in parts) + ")", values)


def is_one_of(column: str, values: Sequence[int | str]) -> Sql:
    """A column holds one of these; many travel as one value."""
    if not values:
        return NOTHING
    if len(values) == 1:
        return Sql(f"{column} = %s", (values[0],))
    if len(values) <= 20:
        return Sql(f"{column} IN ({', '.join(['%s'] * len(values))})", tuple(values))
    if connection.vendor == "postgresql":
        return Sql(f"{column} = ANY(%s)", (list(values),))
    numbers = "[" + ",".join(str(int(value)) for value in values) + "]"
    return Sql(f"{column} IN (SELECT value FROM json_each(%s))", (numbers,))  # noqa: S608


def group_words() -> str:
    """The function that puts the words of several rows together."""
    return "string_agg" if connection.vendor == "postgresql" else "group_concat"


def moment_value(at: datetime) -> Any:
    """A moment as the database compares it."""
    return connection.ops.adapt_datetimefield_value(at.astimezone(UTC))


def between(column: str, low: Any, high: Any) -> Sql:
    parts = [Sql(f"{column} >= %s", (low,))] if low is not None else []
    parts += [Sql(f"{column} <= %s", (high,))] if high is not None else []
    return both(parts)


def rows_numbered(pks: Sequence[int]) -> tuple[str, Any]:
    """A source of rows by number, each once, in a form that no planner turns round."""
    once = sorted(set(pks))  # one that bears both of two tags was found twice
    if connection.vendor == "postgresql":
        source = "unnest(%s::bigint[]) AS k(id)"
        return f"{source} JOIN conversations_conversation c ON c.id = k.id", once
    source = "(SELECT value AS id FROM json_each(%s)) k"
    return (
        f"{source} CROSS JOIN conversations_conversation c ON c.id = k.id",
        "[" + ",".join(str(int(pk)) for pk in once) + "]",
    )
