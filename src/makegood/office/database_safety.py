"""Whether the database keeps what it says it keeps (security.md D28, R19, R20).

Facts are read first and judged apart, so that every combination can be tested.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from makegood.kit.sqlite_build import is_safe_in_wal

NETWORKED = {"9p", "afs", "ceph", "cifs", "fuse.sshfs", "glusterfs", "nfs", "nfs4", "smb3", "smbfs"}


@dataclass(frozen=True, kw_only=True)
class SqliteFacts:
    version: tuple[int, ...]
    journal: str = "wal"
    synchronous: int = 2
    has_foreign_keys: bool = True
    is_trusting: bool = False
    erases: bool = True
    filesystem: str = "ext4"


@dataclass(frozen=True, kw_only=True)
class PostgresqlFacts:
    version: int
    fsync: str = "on"
    full_page_writes: str = "on"
    synchronous_commit: str = "on"


def unsafe_settings() -> Sequence[str]:
    """What must change before anything is promised; nothing where all is well."""
    if connection.vendor == "postgresql":
        return judge_postgresql(_facts_of_postgresql())
    return judge_sqlite(_facts_of_sqlite())


def judge_sqlite(facts: SqliteFacts) -> Sequence[str]:
    wrong = []
    version = ".".join(map(str, facts.version))
    if facts.journal == "wal" and not is_safe_in_wal(facts.version):
        wrong.append(
            _("SQLite %(version)s can corrupt a database in WAL mode.") % {"version": version}
        )
    if facts.journal not in ("wal", "memory"):  # in memory: only tests
        wrong.append(_("The journal mode is %(mode)s and not WAL.") % {"mode": facts.journal})
    if facts.synchronous < 2:
        wrong.append(_("Commits are not forced to the disk: synchronous is below FULL."))
    if not facts.has_foreign_keys:
        wrong.append(_("Foreign keys are not enforced."))
    if facts.is_trusting:
        wrong.append(_("The schema of the database file is trusted."))
    if not facts.erases:
        wrong.append(_("What is deleted stays readable in the file: secure_delete is off."))
    if facts.filesystem in NETWORKED:
        wrong.append(
            _("The data folder lies on a network file system (%(name)s): SQLite is not safe there.")
            % {"name": facts.filesystem}
        )
    return wrong


def judge_postgresql(facts: PostgresqlFacts) -> Sequence[str]:
    wrong = []
    if facts.version < 150000:
        wrong.append(_("PostgreSQL 15 or newer is needed."))
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        if getattr(facts, name) == "off":
            wrong.append(
                _("PostgreSQL runs with %(name)s = off: a power cut loses what was acknowledged.")
                % {"name": name}
            )
    return wrong


def _facts_of_sqlite() -> SqliteFacts:
    with connection.cursor() as cursor:

        def ask(sql: str) -> Any:
            return cursor.execute(sql).fetchone()[0]

        return SqliteFacts(
            version=tuple(int(part) for part in ask("SELECT sqlite_version()").split(".")),
            journal=str(ask("PRAGMA journal_mode")),
            synchronous=int(ask("PRAGMA synchronous")),
            has_foreign_keys=bool(ask("PRAGMA foreign_keys")),
            is_trusting=bool(ask("PRAGMA trusted_schema")),
            erases=int(ask("PRAGMA secure_delete")) == 1,
            filesystem=filesystem_of(Path(settings.DATA)),
        )


def _facts_of_postgresql() -> PostgresqlFacts:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num'), current_setting('fsync'),"
            " current_setting('full_page_writes'), current_setting('synchronous_commit')"
        )
        version, *rest = cursor.fetchone()
    names = ("fsync", "full_page_writes", "synchronous_commit")
    return PostgresqlFacts(version=int(version), **dict(zip(names, rest, strict=True)))


def filesystem_of(path: Path, mounts: str = "") -> str:
    """The kind of file system that a path lies on, as the kernel names it; else nothing."""
    table = Path("/proc/mounts")
    text = mounts or (table.read_text() if table.exists() else "")
    best, kind = "", ""
    for line in text.splitlines():
        place, name = line.split()[1:3]
        inside = path.is_relative_to(place.replace("\\040", " "))
        if inside and len(place) >= len(best):
            best, kind = place, name
    return kind


def mode_of(path: Path) -> int:
    return os.stat(path).st_mode & 0o777
