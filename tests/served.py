"""The real product in its own processes: what `bin/serve` runs, on free ports, over its own data.

Tests speak to it as people do: over HTTP, SMTP and a browser. `ask` runs a few lines inside
the product's own command line, for setting the scene and for looking behind it.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests import moulds

ROOT = Path(__file__).resolve().parents[1]
STARTING_SECONDS = 240


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


def end_with_parent() -> None:
    """In a child: be asked to end when the worker of the tests is gone, however it went."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def own_database(*, is_bare: bool = False) -> str:
    """The address of a new database in the lane's PostgreSQL; empty on SQLite."""
    cluster = os.environ.get("DATABASE_URL", "")
    if not cluster:
        return ""
    return moulds.new_database(cluster, f"served_{uuid.uuid4().hex[:12]}", is_bare=is_bare)


@dataclass
class Served:
    """One running install. `start` and `stop` may be called again and again."""

    data: Path
    database_url: str = field(default_factory=own_database)
    port: int = field(default_factory=free_port)
    smtp_port: int = field(default_factory=free_port)
    extra: dict[str, str] = field(default_factory=dict)
    is_bare: bool = False
    """Whether it has to migrate by itself, as on a new machine: else it begins with a mould."""
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {
            **kept,
            "PYTHONPATH": str(ROOT / "src"),
            "DJANGO_SETTINGS_MODULE": "makegood.config.settings",
            "MAKEGOOD_DATA": str(self.data),
            "MAKEGOOD_URL": self.url,
            "MAKEGOOD_DNS": "off",
            "MAKEGOOD_WATCH": "off",
            "MAKEGOOD_SMTP_LISTEN": f"127.0.0.1:{self.smtp_port}",
            "DATABASE_URL": self.database_url,
            **self.extra,
        }

    def lay_out(self) -> None:
        """Make its folder, and an empty desk in it, where they are not there yet."""
        self.data.mkdir(parents=True, exist_ok=True)
        if not (self.is_bare or self.database_url):
            moulds.pour(self.data / "makegood.sqlite3")

    def start(self, *arguments: str) -> "Served":
        self.lay_out()
        with (self.data / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "makegood", "serve", "--port", str(self.port), *arguments],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509  # a test starts no threads before it
            )
        self._wait_until_it_answers()
        return self

    def _wait_until_it_answers(self) -> None:
        until = time.monotonic() + STARTING_SECONDS
        while time.monotonic() < until:
            assert self.process is not None
            assert self.process.poll() is None, self.log()
            try:
                httpx.get(f"{self.url}/accounts/login/", timeout=30, trust_env=False)
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError(f"It did not answer in time.\n{self.log()}")

    def stop(self, how: int = signal.SIGTERM) -> None:
        if self.process is None:
            return
        os.killpg(self.process.pid, how)
        try:
            self.process.wait(timeout=120)
        finally:
            self.process = None

    def log(self) -> str:
        return (self.data / "serve.log").read_text(errors="replace")[-6000:]

    def command(self, *arguments: str) -> str:
        """Run `makegood …` on this install's data; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "makegood", *arguments],
            check=False,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(self, code: str) -> str:
        """Run Python inside the product; what it printed, stripped."""
        return self.command("shell", "--no-imports", "-c", code).strip()

    def session_of(self, email: str) -> str:
        """A session as if this agent had signed in: the cookie's value."""
        return self.ask(
            "from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY\n"
            "from django.contrib.sessions.backends.db import SessionStore\n"
            "from django.conf import settings\n"
            "from makegood.team.models import Agent\n"
            f"agent = Agent.objects.get(email={email!r})\n"
            "session = SessionStore()\n"
            "session[SESSION_KEY] = str(agent.pk)\n"
            "session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]\n"
            "session[HASH_SESSION_KEY] = agent.get_session_auth_hash()\n"
            "session.create()\n"
            "print(session.session_key)"
        )
