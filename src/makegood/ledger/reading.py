"""Reading the ledger in order, from a cursor, without ever skipping a row.

On SQLite one writer writes at a time: ids appear in order. On PostgreSQL a transaction may
take an id early and commit late, so that a higher id is seen first. A reader that meets a
gap waits until every transaction that ran when it first saw the gap has ended: what is
missing then was rolled back, and can be passed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

from makegood.ledger.models import Event

BATCH = 500


@dataclass
class Reader:
    """One cursor over the ledger. Not shared between threads."""

    position: int = 0
    _gaps: dict[int, int] = field(default_factory=dict)

    def read(self, limit: int = BATCH) -> Sequence[Event]:
        """The next events after the position, which stays until `advance` is called."""
        if connection.vendor != "postgresql":
            return list(_after(self.position)[:limit])
        rows = list(
            _after(self.position).annotate(
                xmin=RawSQL(
                    "pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
                    [],
                    output_field=BigIntegerField(),
                ),
                xmax=RawSQL(
                    "pg_snapshot_xmax(pg_current_snapshot())::text::bigint",
                    [],
                    output_field=BigIntegerField(),
                ),
            )[:limit]
        )
        return self._without_open_gaps(rows)

    def _without_open_gaps(self, rows: Sequence[Any]) -> Sequence[Event]:
        expected = self.position + 1
        for number, row in enumerate(rows):
            if row.pk != expected:
                ended_by = self._gaps.setdefault(expected, row.xmax)
                if row.xmin < ended_by:
                    return rows[:number]
            expected = row.pk + 1
        return rows

    def advance(self, position: int) -> None:
        self.position = position
        self._gaps = {gap: xmax for gap, xmax in self._gaps.items() if gap > position}


def _after(position: int) -> Any:
    return (
        Event.objects.filter(pk__gt=position)
        .order_by("pk")
        .select_related("personal")
        .prefetch_related("subjects")
    )


def in_full(pk: int) -> Event:
    """One event with everything a follower may ask of it."""
    event: Event = _after(pk - 1).get(pk=pk)
    return event


def newest_position() -> int:
    """The highest event id that anybody can see now; 0 for an empty ledger."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM ledger_event")
        (newest,) = cursor.fetchone()
    return int(newest or 0)
