"""The database refuses to edit the ledger, whoever asks: SQLite and PostgreSQL alike."""

from typing import Any

TABLES = ("ledger_event", "ledger_eventsubject", "ledger_seal")
WORDS = "The ledger is never edited."


def install(connection: Any) -> None:
    _run(connection, _sqlite_install() if connection.vendor == "sqlite" else _postgresql_install())


def remove(connection: Any) -> None:
    """Only for tests that empty the whole database, and for taking an install apart."""
    _run(connection, _sqlite_remove() if connection.vendor == "sqlite" else _postgresql_remove())


def _run(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _sqlite_install() -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        for table in TABLES
        for verb in ("update", "delete")
    ]


def _sqlite_remove() -> list[str]:
    return [
        f"DROP TRIGGER IF EXISTS {table}_no_{verb}"
        for table in TABLES
        for verb in ("update", "delete")
    ]


def _postgresql_install() -> list[str]:
    return [
        "CREATE OR REPLACE FUNCTION ledger_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$",
        *(
            f"CREATE OR REPLACE TRIGGER {table}_refuses BEFORE UPDATE OR DELETE OR TRUNCATE "
            f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuses()"
            for table in TABLES
        ),
    ]


def _postgresql_remove() -> list[str]:
    return [f"DROP TRIGGER IF EXISTS {table}_refuses ON {table}" for table in TABLES]
