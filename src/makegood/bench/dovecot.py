"""A real Dovecot on a free port of this machine, in a folder of its own: for measuring against."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from makegood.bench.serving import free_port, wait_for

PASSWORD = "secret"  # of mailboxes that live as long as the measuring
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
_CONFIGURATION = """\
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/dovecot.log
protocols = imap
listen = 127.0.0.1
instance_name = bench{port}
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{home}/mail/%n
mail_uid = {owner}
mail_gid = {owner}
first_valid_uid = 1
first_valid_gid = 1
mail_max_userip_connections = 50
default_login_user = {login}
default_internal_user = {owner}
default_internal_group = {owner}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner} home={home}/mail/%n
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


class NoDovecot(Exception):
    """Dovecot is not installed here, or may not be started."""


class Dovecot:
    """Any name is a mailbox, with one password for all."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        self.owner = "mail" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name

    def settings(self, name: str, **more: object) -> dict[str, object]:
        """How an inbox reaches its mailbox here."""
        common = {"host": "127.0.0.1", "port": self.port, "security": "none", "username": name}
        return {"imap": {**common, "start": "all", **more}}

    def fill(self, name: str, mails: Iterable[bytes], folder: str = "") -> None:
        """Lay mails into a mailbox, in order."""
        place = self.home / "mail" / name / (f".{folder}" if folder else "")
        for part in ("cur", "new", "tmp"):
            (place / part).mkdir(parents=True, exist_ok=True)
        for mail in mails:
            moment = time.time_ns()
            (place / "new" / f"{moment // 10**9}.M{moment % 10**9:09}.bench").write_bytes(mail)
        self._give(self.home / "mail")

    def _give(self, place: Path) -> None:
        if os.geteuid() == 0:
            owner = pwd.getpwnam(self.owner)
            for path in (place, *place.rglob("*")):
                os.chown(path, owner.pw_uid, owner.pw_gid)

    def doveadm(self, *arguments: str) -> str:
        return _run("doveadm", "-c", str(self.home / "dovecot.conf"), *arguments)

    def start(self) -> None:
        if shutil.which("dovecot", path=_PATH) is None:
            raise NoDovecot
        login = "dovenull" if os.geteuid() == 0 else self.owner
        (self.home / "mail").mkdir()
        self._give(self.home / "mail")
        (self.home / "dovecot.conf").write_text(
            _CONFIGURATION.format(
                home=self.home, port=self.port, owner=self.owner, login=login, password=PASSWORD
            )
        )  # fmt: skip
        _run("dovecot", "-c", str(self.home / "dovecot.conf"))
        wait_for(self.port)

    def stop(self) -> None:
        self.doveadm("stop")


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """A server for a while. Raises `NoDovecot`."""
    with tempfile.TemporaryDirectory(prefix="makegood-dovecot.") as folder:
        home = Path(folder)
        home.chmod(0o755)
        server = Dovecot(home, free_port())
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _run(*command: str) -> str:
    # A file and no pipe: a server that goes to the background would hold the pipe open for ever.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False, timeout=60,
            env={**os.environ, "PATH": _PATH},
        )  # fmt: skip
        said.seek(0)
        words = said.read()
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {words}")
    return words
