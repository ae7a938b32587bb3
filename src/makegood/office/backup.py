"""Everything that is ours to keep, in one file, while the desk goes on working (R27).

First a snapshot of the database, then every file that it names: bytes are stored before the
row that names them, so that nothing the snapshot knows of can be missing. The manifest holds
the SHA-256 of each part and the ledger's head; the last line holds that of the whole.
"""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection
from django.db.models import Sum

from makegood.channels.email.known_keys import known_key_files
from makegood.files import storage
from makegood.files.models import File
from makegood.files.room import NoRoom, reserve
from makegood.kit.secrets import sign
from makegood.office import postgresql

FORMAT = 1
TRAILER = b"makegood-backup sha256 "
PIECE = 1024 * 1024

Snapshot = tuple[str, dict[str, Any], Iterator[str]]
"""The database's part of the archive, the ledger's head in it, and the files that it names."""


@dataclass
class Writing:
    """An archive being written: its parts with their hashes."""

    tar: tarfile.TarFile
    parts: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def add(self, name: str, path: Path) -> None:
        with path.open("rb") as file:
            info = tarfile.TarInfo(name)
            info.size, info.mode = os.fstat(file.fileno()).st_size, 0o600
            reader = Hashing(file)
            self.tar.addfile(info, reader)
        self.parts[name] = reader.total.hexdigest()

    def add_text(self, name: str, text: str) -> None:
        info = tarfile.TarInfo(name)
        content = text.encode()
        info.size, info.mode = len(content), 0o600
        self.tar.addfile(info, io.BytesIO(content))


class Hashing:
    """A file that is hashed as it is read or written."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.total = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        self.total.update(piece)
        return piece

    def write(self, piece: bytes) -> int:
        self.total.update(piece)
        return self.file.write(piece)

    def tell(self) -> int:
        return self.file.tell()


def back_up(target: Path, *, with_root_key: bool = False) -> tuple[Path, list[str]]:
    """Write a backup; returns its path and the files that should be there and are not."""
    path = target / _name() if target.is_dir() else target
    if path.exists():
        raise FileExistsError(path)  # a backup is never overwritten
    _refuse_without_room(path.parent)
    handle, work = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            missing = _write(file, with_root_key)
            file.flush()
            os.fsync(file.fileno())
        Path(work).rename(path)
    finally:
        Path(work).unlink(missing_ok=True)
    _sync_folder(path.parent)
    return path, missing


def _refuse_without_room(target: Path) -> None:
    """A backup must not take the room that mail comes in by. Raises `NoRoom`."""
    copy = 0
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            copy = cursor.fetchone()[0]
    files = File.objects.aggregate(total=Sum("size"))["total"] or 0
    data, there = shutil.disk_usage(settings.DATA), shutil.disk_usage(target)
    is_beside = os.stat(target).st_dev == os.stat(settings.DATA).st_dev
    kept = reserve(data.total)
    if data.free - copy - (copy + files if is_beside else 0) < kept or there.free < copy + files:
        raise NoRoom


def _name() -> str:
    return f"makegood-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar"


def _write(file: IO[bytes], with_root_key: bool) -> list[str]:
    hashed = Hashing(file)
    with (
        tempfile.TemporaryDirectory(dir=settings.DATA, prefix=".backup.") as folder,
        tarfile.open(fileobj=hashed, mode="w|", format=tarfile.PAX_FORMAT) as tar,  # type: ignore[call-overload]
    ):
        writing = Writing(tar)
        name, head, names = snapshot(Path(folder))
        writing.add(name, Path(folder) / name)
        for sha256 in names:
            _add_file(writing, sha256)
        for path in known_key_files():
            writing.add(f"known-keys/{path.name}", path)
        if with_root_key:
            writing.add("root.key", Path(settings.ROOT_KEY_PATH))
        writing.add_text("manifest.json", _manifest(writing, name, head))
    file.write(TRAILER + hashed.total.hexdigest().encode() + b"\n")
    return writing.missing


def _add_file(writing: Writing, sha256: str) -> None:
    name, path = f"files/{sha256}", storage.path_of(sha256)
    if not path.exists():
        writing.missing.append(sha256)
        return
    writing.add(name, path)
    if writing.parts[name] != sha256:
        writing.missing.append(f"{sha256} (damaged)")


def _manifest(writing: Writing, database: str, head: dict[str, Any]) -> str:
    return json.dumps(
        {
            "format": FORMAT,
            "made_at": datetime.now(UTC).isoformat(),
            "database": database,
            "ledger": head,
            "root_key": key_mark(),
            "parts": writing.parts,
            "missing": writing.missing,
        },
        indent=1,
    )


def key_mark() -> str:
    """Tells one root key from another and gives none away."""
    return sign("backup", "which key")


def snapshot(folder: Path) -> Snapshot:
    """The database as it was at one moment, in a file of this folder."""
    return _snapshot_of_postgresql(folder) if connection.vendor == "postgresql" else _vacuum(folder)


def _vacuum(folder: Path) -> Snapshot:
    copy = folder / "database.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(copy)])
    copy.chmod(0o600)
    with closing(sqlite3.connect(copy)) as reading:
        head = head_of(lambda sql: reading.execute(sql).fetchone())
        names = [row[0] for row in reading.execute("SELECT sha256 FROM files_file ORDER BY id")]
    return copy.name, head, iter(names)


def _snapshot_of_postgresql(folder: Path) -> Snapshot:
    copy = folder / "database.dump"
    postgresql.dump(copy)
    with connection.cursor() as cursor:

        def ask(sql: str) -> Any:
            cursor.execute(sql)
            return cursor.fetchone()

        head = head_of(ask)
        # Read after the dump: these are all that it names, and perhaps some newer ones.
        cursor.execute("SELECT sha256 FROM files_file ORDER BY id")
        names = [row[0] for row in cursor.fetchall()]
    return copy.name, head, iter(names)


def head_of(ask: Callable[[str], Any]) -> dict[str, Any]:
    """The ledger's newest event and seal: what a restored desk must show again."""
    event = ask("SELECT max(id) FROM ledger_event")
    seal = ask("SELECT digest FROM ledger_seal ORDER BY id DESC LIMIT 1")
    return {"event": event[0] or 0, "seal": seal[0] if seal else ""}


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
