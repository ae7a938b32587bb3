"""Every statement and every commit passes here; an I/O error of either ends the process."""

from collections.abc import Callable
from types import TracebackType
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import DatabaseErrorWrapper
from django.utils.functional import cached_property

from makegood.kit.disk import end_if_failed
from makegood.kit.sqlite.schema import DatabaseSchemaEditor
from makegood.kit.sqlite.turns import take_turn


class _Watching(DatabaseErrorWrapper):
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            end_if_failed(error)
        super().__exit__(kind, error, trace)


WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor

    def create_cursor(self, name: str | None = None) -> "_Cursor":
        cursor: _Cursor = self.connection.cursor(factory=_Cursor)
        cursor.house = self
        return cursor

    @cached_property
    def wrap_database_errors(self) -> DatabaseErrorWrapper:
        return _Watching(self)

    def _start_transaction_under_autocommit(self) -> None:
        mode = self.settings_dict["OPTIONS"]["transaction_mode"]
        with self.wrap_database_errors:
            self.in_turn(lambda: self.connection.execute(f"BEGIN {mode}"))

    def in_turn(self, write: Callable[[], object]) -> None:
        """Wait for our turn ourselves: SQLite's own way of waiting lets the oldest starve."""
        raw, patience = self.connection, self.settings_dict["OPTIONS"]["timeout"]
        raw.execute("PRAGMA busy_timeout=0")
        try:
            take_turn(write, patience)
        finally:
            raw.execute(f"PRAGMA busy_timeout={int(patience * 1000)}")


class _Cursor(base.SQLiteCursorWrapper):
    """One that stands in line for a single write, too, where no transaction holds the turn."""

    house: DatabaseWrapper

    def execute(self, query: str, params: Any = None) -> Any:
        ask = super().execute
        if self.connection.in_transaction or not query.lstrip()[:7].upper().startswith(WRITES):
            return ask(query, params)
        self.house.in_turn(lambda: ask(query, params))
        return self
