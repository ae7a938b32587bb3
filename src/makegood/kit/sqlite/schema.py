"""Changing tables in place, where Django's way on SQLite would write them anew.

A table of three million messages takes minutes to write anew, and once for each column. A
column with a default can be added without touching a row.
"""

from types import TracebackType
from typing import Any

from django.db import IntegrityError
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.sqlite3 import schema
from django.db.models import Field, Model
from django.db.models.expressions import Value


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    def __enter__(self) -> "DatabaseSchemaEditor":
        entered: DatabaseSchemaEditor = super().__enter__()
        self.rows_before, self.written_anew = self._rows_changed(), set[str]()
        return entered

    def _remake_table(self, model: type[Model], *args: Any, **kwargs: Any) -> None:
        before = self._rows_changed()
        super()._remake_table(model, *args, **kwargs)  # type: ignore[misc]  # of SQLite alone
        self.rows_before += self._rows_changed() - before
        self.written_anew.add(model._meta.db_table)

    def add_field(self, model: type[Model], field: "Field[Any, Any]") -> None:
        if self._can_be_added_in_place(field):
            BaseDatabaseSchemaEditor.add_field(self, model, field)
        else:
            super().add_field(model, field)

    def _can_be_added_in_place(self, field: "Field[Any, Any]") -> bool:
        if field.primary_key or field.unique or field.remote_field or field.generated:
            return False
        if field.has_db_default():
            return isinstance(getattr(field, "_db_default_expression", None), Value)
        return not field.null and self.effective_default(field) is not None

    def skip_default_on_alter(self, _field: "Field[Any, Any]") -> bool:
        """The default that was there for the rows of before stays: it does no harm."""
        return True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """References are checked where rows were written: in every table, where by a function.

        One row is the migration's own, unless statements still wait for it.
        """
        try:
            if kind is None:
                self._check_references()
        except IntegrityError as wrong:  # nothing of it may stay
            kind, error, trace = type(wrong), wrong, wrong.__traceback__
            raise
        finally:
            BaseDatabaseSchemaEditor.__exit__(self, kind, error, trace)
            self.connection.enable_constraint_checking()

    def _check_references(self) -> None:
        own = 0 if self.deferred_sql else 1
        if self._rows_changed() - self.rows_before > own:
            self.connection.check_constraints()
        elif self.written_anew:
            self.connection.check_constraints(self.written_anew)

    def _rows_changed(self) -> int:
        return int(self.connection.connection.total_changes)
