"""A desk in a folder of its own, which can be put back as it was: on SQLite, or on PostgreSQL."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from tests import moulds

Restore = Callable[[], None]


def set_up(data: Path, cluster: str = "", **environment: str) -> None:
    """Load the product over an empty desk with one agent and one mailbox."""
    data.mkdir(parents=True, exist_ok=True)
    os.environ["MAKEGOOD_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "makegood.config.settings"
    os.environ["MAKEGOOD_LOG_LEVEL"] = "CRITICAL"
    os.environ["MAKEGOOD_DNS"] = "off"
    os.environ.pop("DATABASE_URL", None)
    if cluster:
        os.environ["DATABASE_URL"] = moulds.new_database(cluster, "desk")
        is_migrated = moulds.has_mould(cluster)
    else:
        is_migrated = moulds.pour(data / "makegood.sqlite3")
    os.environ.update(environment)
    import django

    django.setup()
    from django.core.management import call_command

    if not is_migrated:
        call_command("migrate", interactive=False, verbosity=0)
    from makegood.channels.connecting import InboxSettings, connect_inbox
    from makegood.ledger.actors import System
    from makegood.team.actions import add_agent

    house = System("setup")
    add_agent("nora@lantern.example", "Nora", role="agent", password="long enough", by=house)
    connect_inbox(
        InboxSettings(name="Support", kind="email", address="support@shop.test"), by=house
    )


def remember(folder: Path) -> Restore:
    """Keep database and files as they are now; returns what puts them back."""
    kept, files = folder / "template", folder / "data" / "files"
    kept.mkdir()
    if files.exists():
        shutil.copytree(files, kept / "files")
    url = os.environ.get("DATABASE_URL", "")
    database = _postgresql(url) if url else _sqlite(folder)

    def restore() -> None:
        database()
        shutil.rmtree(files, ignore_errors=True)
        if (kept / "files").exists():
            shutil.copytree(kept / "files", files)

    return restore


def _sqlite(folder: Path) -> Restore:
    database, kept = folder / "data" / "makegood.sqlite3", folder / "template" / "database"
    checkpoint(database)
    shutil.copy(database, kept)

    def restore() -> None:
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(f"{database}{ending}").unlink(missing_ok=True)
        shutil.copy(kept, database)

    return restore


def checkpoint(database: Path) -> None:
    """Everything of the log into the database itself."""
    from makegood.kit.sqlite_build import use_bundled_sqlite

    use_bundled_sqlite()
    import sqlite3

    link = sqlite3.connect(database)
    link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    link.close()


def _postgresql(url: str) -> Restore:
    from django.db import connection

    connection.close()
    _order(url, "ALTER DATABASE desk RENAME TO template_of_desk")

    def restore() -> None:
        connection.close()
        _order(url, "DROP DATABASE IF EXISTS desk WITH (FORCE)")
        _order(url, "CREATE DATABASE desk TEMPLATE template_of_desk")

    restore()
    return restore


def _order(url: str, sql: str) -> None:
    import psycopg

    with psycopg.connect(moulds.database_of(url, "postgres"), autocommit=True) as link:
        link.execute(sql)
