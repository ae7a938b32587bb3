"""A PostgreSQL of our own, which may be stopped as hard as a test likes."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

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
        as_postgres(
            self.home, "initdb", "-D", "data", "-U", "makegood", "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip

    def start(self) -> None:
        options = f"-p {self.port} {OPTIONS}{' -c fsync=off' if self.is_quick else ''}"
        as_postgres(
            self.home, "pg_ctl", "-D", "data", "-w", "-s", "-l", "server.log", "-o", options,
            "start",
        )  # fmt: skip

    def stop(self, how: str = "immediate") -> None:
        as_postgres(self.home, "pg_ctl", "-D", "data", "-w", "-s", "-m", how, "stop")


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
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{program} ended with {done.returncode}"


@contextmanager
def running(*, is_quick: bool = False) -> Iterator[Cluster]:
    home = Path(mkdtemp(prefix="makegood-faults-postgres."))
    if os.getuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(home, owner.pw_uid, owner.pw_gid)
    cluster = Cluster(home, free_port(), is_quick)
    try:
        cluster.make()
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
