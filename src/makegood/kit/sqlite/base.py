"""Every statement and every commit passes here; an I/O error of either ends the process."""

from types import TracebackType

from django.db.backends.sqlite3 import base
from django.db.utils import DatabaseErrorWrapper
from django.utils.functional import cached_property

from makegood.kit.disk import end_if_failed
from makegood.kit.sqlite.schema import DatabaseSchemaEditor


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
