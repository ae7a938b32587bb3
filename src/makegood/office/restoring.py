"""A backup made into a desk again: checked to the last bit first, and never over another."""

import hashlib
import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.db import connection
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.office import postgresql
from makegood.office.backup import FORMAT, PIECE, TRAILER, head_of

TRAILER_LENGTH = len(TRAILER) + 64 + 1


class Damaged(Refused):
    """The backup is not as it was written."""


@dataclass(frozen=True)
class Backup:
    """A backup that was checked whole."""

    path: Path
    manifest: dict[str, Any]


def checked(path: Path) -> Backup:
    """Read the whole of it and compare every hash. Raises `Damaged`, naming what does not fit."""
    with path.open("rb") as file:
        _check_whole(file)
        try:
            manifest = _check_parts(file)
        except (tarfile.TarError, ValueError, KeyError, EOFError) as error:
            raise Damaged(_("The backup cannot be read: %(why)s") % {"why": error}) from error
    if manifest["format"] != FORMAT:
        raise Damaged(_("This backup was written by another version of Makegood."))
    return Backup(path, manifest)


def _check_whole(file: IO[bytes]) -> None:
    size = os.fstat(file.fileno()).st_size - TRAILER_LENGTH
    if size < 0:
        raise Damaged(_("The backup is cut short."))
    total = hashlib.sha256()
    for piece in _pieces(file, size):
        total.update(piece)
    if file.read() != TRAILER + total.hexdigest().encode() + b"\n":
        raise Damaged(_("The backup is damaged or cut short: its sum does not fit."))
    file.seek(0)


def _check_parts(file: IO[bytes]) -> dict[str, Any]:
    found: dict[str, str] = {}
    manifest: dict[str, Any] = {}
    with tarfile.open(fileobj=file, mode="r:") as tar:
        for member in tar:
            content = tar.extractfile(member)
            if content is None or not _is_name_of_ours(member.name):
                raise ValueError(member.name)
            if member.name == "manifest.json":
                manifest = json.load(content)
            else:
                found[member.name] = _hash(content)
    if found != manifest["parts"]:
        wrong = {name for name, _sum in found.items() ^ manifest["parts"].items()}
        raise Damaged(_("Parts do not fit: %(names)s") % {"names": ", ".join(sorted(wrong)[:5])})
    return manifest


def _is_name_of_ours(name: str) -> bool:
    """Names are ours alone, so that no archive writes beside the folder it is unpacked into."""
    if name in {"manifest.json", "database.sqlite3", "database.dump", "root.key"}:
        return True
    folder, _slash, inner = name.partition("/")
    if folder == "known-keys":
        stem, dot, ending = inner.partition(".")
        return stem.isalnum() and f"{dot}{ending}" == ".pem"
    return folder == "files" and len(inner) == 64 and inner.isalnum()


def restore(backup: Backup, data: Path) -> None:
    """Lay the desk down in a folder that is not there yet; it appears whole or not at all."""
    if data.exists() and any(data.iterdir()):
        raise Refused(_("%(path)s is not empty: nothing is ever overwritten.") % {"path": data})
    if backup.manifest["database"] == "database.dump" and not _may_load():
        raise Refused(_("DATABASE_URL must lead to an empty PostgreSQL database."))
    work = data.with_name(f".{data.name}.restoring")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True, mode=0o700)
    try:
        _unpack(backup, work)
        _settle_database(backup, work)
        if data.exists():
            data.rmdir()
        work.rename(data)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _may_load() -> bool:
    return connection.vendor == "postgresql" and postgresql.is_empty()


def _unpack(backup: Backup, work: Path) -> None:
    with tarfile.open(backup.path, mode="r:") as tar:
        for member in tar:
            content = tar.extractfile(member)
            if content is None or member.name == "manifest.json":
                continue
            path = work / _place(member.name)
            _make_folders(path.parent)
            with os.fdopen(
                os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
            ) as file:
                shutil.copyfileobj(content, file, PIECE)
                file.flush()
                os.fsync(file.fileno())


def _make_folders(folder: Path) -> None:
    """For the owner alone, each of them: `mkdir` gives its mode only to the last."""
    if not folder.is_dir():
        _make_folders(folder.parent)
        folder.mkdir(mode=0o700)


def _place(name: str) -> Path:
    if name == "database.sqlite3":
        return Path("makegood.sqlite3")
    folder, _slash, sha256 = name.partition("/")
    if folder == "known-keys":
        return Path(name)
    return Path(folder, sha256[:2], sha256[2:4], sha256) if sha256 else Path(name)


def _settle_database(backup: Backup, work: Path) -> None:
    if backup.manifest["database"] == "database.dump":
        postgresql.load(work / "database.dump")
        (work / "database.dump").unlink()
        return
    with closing(sqlite3.connect(work / "makegood.sqlite3")) as reading:
        if reading.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise Damaged(_("The database in the backup is damaged."))
        head = head_of(lambda sql: reading.execute(sql).fetchone())
    if head != backup.manifest["ledger"]:
        raise Damaged(_("The ledger in the backup does not end where its manifest says."))


def _hash(content: IO[bytes]) -> str:
    total = hashlib.sha256()
    while piece := content.read(PIECE):
        total.update(piece)
    return total.hexdigest()


def _pieces(file: IO[bytes], size: int) -> Iterator[bytes]:
    while size > 0:
        piece = file.read(min(PIECE, size))
        if not piece:
            return
        size -= len(piece)
        yield piece
