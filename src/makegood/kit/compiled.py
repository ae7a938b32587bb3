"""Questions of the ORM whose SQL is worked out once in a process, and asked with other values.

Working out the SQL of a small question takes the ORM several times as long as the database
takes to answer it. What every page asks is therefore worked out once.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Expression, Field, QuerySet
from django.db.models.query import get_related_populators

T = TypeVar("T")


class Place(Expression):
    """Where a value will stand: it is named when the question is asked."""

    def __init__(self, number: int, kind: "Field[Any, Any]") -> None:
        super().__init__(output_field=kind)
        self.number, self.kind = number, kind

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)

    def prepared(self, values: Sequence[Any]) -> Any:
        return self.kind.get_db_prep_value(values[self.number], connection)


class Compiled(Generic[T]):
    """A question with a place for each value: `make` gets the places, and gives a queryset.

    It has always the same shape: a list of values has no place in it. Rows beside its own
    (`select_related`) come along.
    """

    def __init__(self, make: Callable[..., "QuerySet[Any, T]"], *kinds: "Field[Any, Any]") -> None:
        self.make, self.kinds = make, kinds

    @cached_property
    def _worked_out(self) -> tuple[str, Sequence[Any], Callable[[Any], Sequence[T]]]:
        places = [Place(number, kind) for number, kind in enumerate(self.kinds)]
        query = self.make(*places)
        compiler = query.query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        shown = [one[0] for one in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(shown)
        makes = _maker(query, compiler) if _makes_models(query) else tuple

        def understood(rows: Any) -> Any:
            found = compiler.apply_converters(rows, converters) if converters else rows
            return [makes(row) for row in found]

        return sql, values, understood

    def all(self, *values: Any) -> Sequence[T]:
        """Every row that the database answers."""
        sql, _places, understood = self._worked_out
        return understood(self._ask(sql, values))

    def count(self, *values: Any) -> int:
        """How many there are."""
        sql, _places, _understood = self._worked_out
        ((number,),) = self._ask(f"SELECT COUNT(*) FROM ({sql}) AS counted", values)  # noqa: S608
        return int(number)

    def _ask(self, sql: str, values: Sequence[Any]) -> Any:
        _sql, places, _understood = self._worked_out
        asked = [one.prepared(values) if isinstance(one, Place) else one for one in places]
        with connection.cursor() as cursor:
            cursor.execute(sql, asked)
            return cursor.fetchall()

    def first(self, *values: Any) -> T | None:
        """The first of them."""
        found = self.all(*values)
        return found[0] if found else None


def _maker(query: "QuerySet[Any, Any]", compiler: Any) -> Callable[[Any], Any]:
    """Makes a row of the model, and the rows beside it, as the ORM does."""
    own = compiler.klass_info["select_fields"]
    first, end = own[0], own[-1] + 1
    names = [one[0].target.attname for one in compiler.select[first:end]]
    populators: Any = get_related_populators  # its types are of a later Django
    beside = populators(compiler.klass_info, compiler.select, connection.alias)

    def made(row: Any) -> Any:
        one = query.model.from_db(connection.alias, names, row[first:end])
        for each in beside:
            each.populate(row, one)
        return one

    return made


def _makes_models(query: "QuerySet[Any, Any]") -> bool:
    return query._fields is None  # type: ignore[attr-defined]
