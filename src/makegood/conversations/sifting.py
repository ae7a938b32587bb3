"""What no index answers, asked row after row along the walks: so many rows at most.

The database keeps to itself what does not fit; what comes back are the keys that do, and how
far it looked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from makegood.conversations.listing import ask
from makegood.conversations.sql import Sql
from makegood.conversations.walking import Order, beyond, keys
from makegood.kit.moments import in_utc
from makegood.kit.paging import mark

ROUNDS = (250, 1_000, 4_000, 14_750)
"""How many rows are looked through for one page, in steps."""


@dataclass(frozen=True, kw_only=True)
class Sifted:
    """The numbers that fit, in order; where to look on, if anywhere."""

    numbers: Sequence[int]
    next: str = ""
    is_partial: bool = False
    """Whether it stopped because enough was looked at, not because enough was found."""


@dataclass(frozen=True, kw_only=True)
class Sieve:
    """Which walks, in which order, and what of each row is asked besides."""

    walks: Sequence[Sql]
    order: Order
    rest: Sql

    def sift(self, after: str, wanted: int) -> Sifted:
        """Row after row from there on, until so many fit or enough was looked at."""
        fitting: list[Any] = []
        for limit in ROUNDS:
            found, end, looked_at = self._look(after, limit, wanted + 1 - len(fitting))
            fitting += found
            if len(fitting) > wanted:
                return Sifted(
                    numbers=_numbers(fitting[:wanted]), next=key_mark(fitting[wanted - 1])
                )
            if looked_at < limit:
                return Sifted(numbers=_numbers(fitting))
            after = key_mark(end)
        return Sifted(numbers=_numbers(fitting), next=after, is_partial=True)

    def _look(self, after: str, limit: int, wanted: int) -> tuple[list[Any], Any, int]:
        """The next keys that fit, the last one that was looked at, and how many those were."""
        run = keys(self.walks, self.order, beyond(self.order, after), limit)
        columns = ", ".join(self.order.names)
        ours = ", ".join(f"k.{name}" for name in self.order.names)
        # The run stands by itself: else the planner may ask what is dear of every row before
        # it takes a few. One statement, so that nothing moves between what fits and the end.
        text = (
            f"WITH run AS MATERIALIZED ({run.text}),"  # noqa: S608
            f" fits AS (SELECT {ours} FROM run k"
            f" JOIN conversations_conversation c ON c.id = k.id WHERE {self.rest.text}"
            f" ORDER BY {self.order.sorted_by('k')} LIMIT %s),"
            f" the_end AS (SELECT {columns} FROM run ORDER BY {self.order.backwards} LIMIT 1)"
            f" SELECT {columns}, 0 AS looked_at FROM fits"
            f" UNION ALL SELECT {columns}, (SELECT COUNT(*) FROM run) FROM the_end"
            f" ORDER BY looked_at, {self.order.columns}"
        )
        *found, end = ask(text, [*run.values, *self.rest.values, wanted]) or [(0,)]
        return [key[:-1] for key in found], end[:-1], end[-1]


def _numbers(found: Sequence[Any]) -> list[int]:
    return [key[-1] for key in found]


def key_mark(key: Sequence[Any]) -> str:
    """The key of a row as the database gives it, as a mark."""
    *before, moment, pk = key
    return mark(*before, in_utc(moment), pk)
