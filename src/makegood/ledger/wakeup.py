"""Waiting for news without asking the ledger: nobody polls a table.

On SQLite a commit by anybody changes `PRAGMA data_version` of every other connection: a
read of shared memory, no query of a table. On PostgreSQL the writer notifies.
"""

import time
from typing import Any

from django.conf import settings
from django.db import connection

from makegood.ledger.gathering import CHANNEL

PAUSE = 0.02
BESIDE = "makegood_beside"
"""On PostgreSQL: the channel for what changed without an event, so that no worker wakes for it."""


def nudge() -> None:
    """Tell who holds open pages that something beside the ledger changed, once this commits."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [BESIDE])


class Waiter:
    """One connection's ear. Use it from the thread that made it."""

    def __init__(self, *, beside: bool = False) -> None:
        self._channels = [CHANNEL, BESIDE] if beside else [CHANNEL]
        self._seen = -1
        self._ear: Any = None

    def wait(self, timeout: float) -> bool:
        """Sleep until something was committed, or `timeout` seconds; whether it was."""
        if connection.vendor == "postgresql":
            return self._wait_for_notice(timeout)
        return self._watch_version(timeout)

    def _watch_version(self, timeout: float) -> bool:
        until = time.monotonic() + timeout
        while True:
            version = self._version()
            if version != self._seen:
                self._seen = version
                return True
            if time.monotonic() >= until:
                return False
            time.sleep(PAUSE)

    def _version(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            return int(cursor.fetchone()[0])

    def _wait_for_notice(self, timeout: float) -> bool:
        if self._ear is None or self._ear.closed:
            self._ear = _listening_connection(self._channels)
            return True
        heard = list(self._ear.notifies(timeout=timeout, stop_after=1))
        return bool(heard)

    def close(self) -> None:
        if self._ear is not None:
            self._ear.close()


def _listening_connection(channels: list[str]) -> Any:
    import psycopg  # only where PostgreSQL is used

    database: dict[str, Any] = settings.DATABASES["default"]
    ear = psycopg.connect(
        dbname=connection.settings_dict["NAME"],
        user=database["USER"],
        password=database["PASSWORD"],
        host=database["HOST"],
        port=database["PORT"],
        autocommit=True,
    )
    for channel in channels:
        ear.execute(f"LISTEN {channel}")
    return ear
