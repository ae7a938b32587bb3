"""Every statement and every commit passes here; an I/O error of either ends the process."""

from types import TracebackType

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


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor

    @cached_property
    def wrap_database_errors(self) -> DatabaseErrorWrapper:
        return _Watching(self)

    def _start_transaction_under_autocommit(self) -> None:
        """Wait for our turn ourselves: SQLite's own way of waiting lets the oldest starve."""
        options = self.settings_dict["OPTIONS"]
        raw, patience, mode = self.connection, options["timeout"], options["transaction_mode"]
        with self.wrap_database_errors:
            raw.execute("PRAGMA busy_timeout=0")
            try:
                take_turn(lambda: raw.execute(f"BEGIN {mode}"), patience)
            finally:
                raw.execute(f"PRAGMA busy_timeout={int(patience * 1000)}")
