"""Which SQLite runs, and whether its version is safe in WAL mode (security.md D28, R20)."""

import sys

WAL_RESET_FIXED = (3, 51, 3)
BACKPORTS = ((3, 50, 7), (3, 44, 6))


def use_bundled_sqlite() -> None:
    """Let `import sqlite3` mean the wheel's build, for Django and for everybody else."""
    import pysqlite3  # the swap must happen before any other import of sqlite3
    import pysqlite3.dbapi2

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


def is_safe_in_wal(version: tuple[int, ...]) -> bool:
    """Whether this SQLite version is free of the WAL-reset corruption bug."""
    if version >= WAL_RESET_FIXED:
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in BACKPORTS)
