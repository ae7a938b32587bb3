"""A PostgreSQL of our own, which may be stopped as hard as a test likes.

python -m tests.faults.cluster     makes the mould of all of them; where it lies
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import psycopg

from tests import moulds
from tests.served import free_port

OPTIONS = "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200"


@dataclass
class Cluster:
    """As durable as a real one, if nobody says otherwise."""

    home: Path
    port: int
    is_quick: bool = False
    """Does not wait for the disk: enough where only its visitors are killed."""

    @property
    def url(self) -> str:
        return f"postgres://makegood@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        """Poured, with a migrated database in it; or bare, where no moulds are kept."""
        if mould := moulds.made("cluster", _make_mould):
            subprocess.run(["cp", "-a", str(mould), str(self.home / "data")], check=True)
        else:
            self.make_bare()

    def make_bare(self) -> None:
        as_postgres(
            self.home, "initdb", "-D", "data", "-U", "makegood", "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip

    def start(self) -> None:
        options = f"-p {self.port} {OPTIONS}{' -c fsync=off' if self.is_quick else ''}"
        as_postgres(
            self.home, "pg_ctl", "-D", "data", "-w", "-t", "300", "-s", "-l", "server.log",
            "-o", options, "start",
        )  # fmt: skip

    def stop(self, how: str = "immediate") -> None:
        as_postgres(self.home, "pg_ctl", "-D", "data", "-w", "-t", "300", "-s", "-m", how, "stop")


def as_postgres(home: Path, program: str, *arguments: str) -> None:
    """Run one of its programs; initdb refuses to be run by root."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}")) or [
        Path(shutil.which(program) or program)
    ]
    rights: Sequence[str] = ()
    if os.getuid() == 0:
        rights = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")
    done = subprocess.run(
        [*rights, str(found[-1]), *arguments],
        cwd=home,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, f"{program} ended with {done.returncode}"


def _make_mould(place: Path) -> Path:
    """A cluster that is shut down; in it an empty desk, from which others are made."""
    shutil.rmtree(place, ignore_errors=True)
    (place / "desk").mkdir(parents=True)
    _give_away(place)
    place.parent.chmod(0o711)  # to be passed through by whom PostgreSQL runs as
    server = Cluster(place, free_port())
    server.make_bare()
    server.start()
    try:
        with psycopg.connect(server.url, autocommit=True) as link:
            link.execute(f"CREATE DATABASE {moulds.MIGRATED}")
        address = moulds.database_of(server.url, moulds.MIGRATED)
        moulds.migrate(place / "desk", DATABASE_URL=address)
    finally:
        server.stop("fast")
    return place / "data"


def _give_away(home: Path) -> None:
    """PostgreSQL refuses to be run by root."""
    if os.getuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(home, owner.pw_uid, owner.pw_gid)


@contextmanager
def running(*, is_quick: bool = False, is_bare: bool = False) -> Iterator[Cluster]:
    home = Path(mkdtemp(prefix="makegood-faults-postgres."))
    _give_away(home)
    cluster = Cluster(home, free_port(), is_quick)
    try:
        cluster.make_bare() if is_bare else cluster.make()
        cluster.start()
        yield cluster
        cluster.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def all_apart() -> Iterator[Callable[[], str]]:
    """Gives out one cluster after another, and ends them all."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(running(is_quick=True)).url


if __name__ == "__main__":
    print(moulds.made("cluster", _make_mould) or "")
