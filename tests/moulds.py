"""Empty desks to pour: the migrations run once, and whoever needs a new desk gets a copy.

To migrate an empty database takes some ten seconds of work, and a run of the suite begins dozens
of desks. The moulds lie in the folder that `MAKEGOOD_TEST_MOULDS` names, which one run of
`bin/test` shares, all lanes and all workers; without it, each desk is migrated by itself. Where
`MAKEGOOD_TEST_KEPT` names a folder, SQLite's is left there for the next run with these migrations.

    python -m tests.moulds     makes SQLite's; where it lies. PostgreSQL's: tests.faults.cluster
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parents[1]
MOST_KEPT = 12
MIGRATED = "makegood_mould"
"""The database of a poured cluster that nobody works in: others are made after it."""


def sqlite() -> Path | None:
    """A migrated SQLite database, closed; nothing where moulds are not kept."""
    return made("desk", _kept_sqlite)


def pour(database: Path) -> bool:
    """Put an empty desk where there is none yet; whether it is one that is migrated."""
    mould = sqlite()
    if mould is None or database.exists():
        return False
    database.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(mould, database)
    return True


def pour_for_tests(connection: Any) -> None:
    """What Django creates for its tests begins with a mould, and has nothing left to migrate."""
    if connection.vendor == "postgresql":
        if has_mould(os.environ["DATABASE_URL"]):
            connection.settings_dict["TEST"]["TEMPLATE"] = MIGRATED
        return
    creation = connection.creation
    create = creation._create_test_db

    def create_and_fill(*arguments: Any, **named: Any) -> str:
        name = str(create(*arguments, **named))
        if creation.is_in_memory_db(name) and (mould := sqlite()):
            creation.kept_open = _in_memory(mould, name)
        return name

    creation._create_test_db = create_and_fill


def _in_memory(mould: Path, name: str) -> Any:
    """It lives as long as somebody has it open."""
    import sqlite3

    link = sqlite3.connect(name, uri=True)
    with contextlib.closing(sqlite3.connect(mould)) as source:
        source.backup(link)
    return link


def new_database(server: str, name: str, *, is_bare: bool = False) -> str:
    """The address of a new database in that PostgreSQL: migrated if the server has the mould."""
    mould = "" if is_bare or not has_mould(server) else f" TEMPLATE {MIGRATED}"
    with psycopg.connect(database_of(server, "postgres"), autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name}{mould}")
    return database_of(server, name)


def has_mould(server: str) -> bool:
    with psycopg.connect(database_of(server, "postgres"), autocommit=True) as link:
        asked = "SELECT 1 FROM pg_database WHERE datname = %s"
        return link.execute(asked, [MIGRATED]).fetchone() is not None


def database_of(server: str, name: str) -> str:
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def made(name: str, make: Callable[[Path], Path]) -> Path | None:
    """What was made under this name: by whoever asked first, while the others wait."""
    if not (kept := os.environ.get("MAKEGOOD_TEST_MOULDS")):
        return None
    folder = Path(kept)
    folder.mkdir(parents=True, exist_ok=True)
    told = folder / f"{name}.made"
    with _alone(folder / f"{name}.lock"):
        if not told.exists():
            told.write_text(str(make(folder / name)))
    return Path(told.read_text())


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _kept_sqlite(place: Path) -> Path:
    """As an earlier run left it; else made, and left for the next."""
    if not (folder := os.environ.get("MAKEGOOD_TEST_KEPT")):
        return _migrate_sqlite(place)
    kept = Path(folder) / f"{_of_these_migrations()}.sqlite3"
    place.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        os.utime(kept)
        return Path(shutil.copyfile(kept, place.with_suffix(".sqlite3")))
    mould = _migrate_sqlite(place)
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(mould, mine := kept.with_suffix(f".{os.getpid()}"))
    mine.replace(kept)
    newest = sorted(kept.parent.glob("*.sqlite3"), key=lambda one: one.stat().st_mtime)
    for old in newest[:-MOST_KEPT]:
        old.unlink(missing_ok=True)
    return mould


def _of_these_migrations() -> str:
    """What tells one set of migrations, and the code that they call, from another."""
    source = ROOT / "src" / "makegood"
    called = [*source.glob("*/migrations/*.py"), ROOT / "requirements" / "run.lock"]
    for app in ("kit", "ledger", "search"):
        called += source.joinpath(app).glob("**/*.py")
    told = hashlib.sha256(sys.version.encode())
    for one in sorted(set(called)):
        told.update(str(one.relative_to(ROOT)).encode() + b"\0" + one.read_bytes() + b"\0")
    return told.hexdigest()[:32]


def _migrate_sqlite(place: Path) -> Path:
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    migrate(place)
    from makegood.kit.sqlite_build import use_bundled_sqlite

    use_bundled_sqlite()
    import sqlite3

    # Of one file, and fit to be held in memory: whoever opens it asks for the log again.
    link = sqlite3.connect(place / "makegood.sqlite3")
    assert link.execute("PRAGMA journal_mode=DELETE").fetchone() == ("delete",)
    link.close()
    return place / "makegood.sqlite3"


def migrate(data: Path, **more: str) -> None:
    """All migrations, one after the other, as a first start runs them."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {
        **kept,
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "makegood.config.settings",
        "MAKEGOOD_DATA": str(data),
        **more,
    }
    done = subprocess.run(
        [sys.executable, "-m", "makegood", "migrate", "--no-input", "--verbosity", "0"],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr


if __name__ == "__main__":
    print(sqlite() or "")
