"""A real Medusa, over a database of its own: installed, migrated, filled and run.

It tells of what happens by the very subscriber that we hand to shops.
"""

import json
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import psycopg

from tests import node
from tests.faults.cluster import running
from tests.moulds import database_of
from tests.node import NotInstalled
from tests.served import free_port

HERE = Path(__file__).with_name("medusa")
SUBSCRIBER = Path(__file__).resolve().parents[2] / "docs" / "connectors" / "medusa-subscriber.js"
WHO = {"email": "office@store.example.com", "password": "lamps-and-more-9"}
STARTING_SECONDS = 180
STARTS = 2
LOGS: list[Path] = []
"""Of the stores that were started, for whoever wants to know why something failed."""
FOLDERS = ("api", "jobs", "links", "modules", "workflows", "scripts", "subscribers")


@dataclass
class Store:
    """One that runs; it is spoken with as an office does, and as a shop's front does."""

    port: int
    log: Path
    database: str
    office: httpx.Client = field(init=False)
    front: httpx.Client = field(init=False)
    token: str = ""
    """What the connector signs in with."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __post_init__(self) -> None:
        self.office = httpx.Client(base_url=f"{self.url}/admin", timeout=60)
        self.front = httpx.Client(base_url=f"{self.url}/store", timeout=60)

    def admin(self, path: str, said: Any = None, *, method: str = "") -> Any:
        return told(
            self.office.request(method or ("GET" if said is None else "POST"), path, json=said)
        )

    def shop(self, path: str, said: Any = None) -> Any:
        return told(self.front.request("GET" if said is None else "POST", path, json=said))

    def set_back(self, order: str, days: int) -> None:
        """Let an order be so much older than it is, by the store's own books."""
        with psycopg.connect(self.database, autocommit=True) as link:
            older = "UPDATE \"order\" SET created_at = created_at - %s * interval '1 day'"
            link.execute(f"{older} WHERE id = %s", (days, order))  # type: ignore[arg-type]

    def sign_in(self) -> None:
        said = told(httpx.post(f"{self.url}/auth/user/emailpass", json=WHO, timeout=60))
        self.office.headers["Authorization"] = f"Bearer {said['token']}"
        key = self.admin("/api-keys", {"title": "Makegood", "type": "secret"})["api_key"]
        self.token = str(key["token"])


def told(answer: httpx.Response) -> Any:
    assert answer.is_success, f"{answer.request.url}: {answer.status_code} {answer.text[:600]}"
    return json.loads(answer.content, parse_float=Decimal)


@contextmanager
def medusa(hook: str, secret: str) -> Iterator[Store]:
    """A store that tells `hook` of what happens. Raises `NotInstalled` with the reason."""
    home = node.installed(HERE)
    with running(is_quick=True, is_bare=True) as cluster:
        with psycopg.connect(cluster.url, autocommit=True) as link:
            link.execute("CREATE DATABASE medusa")
        place = cluster.home.parent / f"{cluster.home.name}-store"
        environment = {
            "MEDUSA_DISABLE_TELEMETRY": "1", "NODE_ENV": "production",
            "DATABASE_URL": database_of(cluster.url, "medusa"),
            "STORE_SECRET": secrets.token_hex(16), "MAKEGOOD_URL": hook, "MAKEGOOD_SECRET": secret,
        }  # fmt: skip
        _lay_out(place, home)
        try:
            _command(place, environment, "db:migrate", "--skip-scripts")
            _command(place, environment, "user", "-e", WHO["email"], "-p", WHO["password"])
            with _started(place, environment) as store:
                yield store
        finally:
            shutil.rmtree(place, ignore_errors=True)


def _lay_out(place: Path, home: Path) -> None:
    """A folder like a merchant's own, whose packages lie in the cache."""
    for name in FOLDERS:
        (place / "src" / name).mkdir(parents=True)
    shutil.copyfile(HERE / "medusa-config.js", place / "medusa-config.js")
    shutil.copyfile(HERE / "package.json", place / "package.json")
    shutil.copyfile(SUBSCRIBER, place / "src" / "subscribers" / "makegood.js")
    (place / "node_modules").symlink_to(home / "node_modules")


def _program(place: Path) -> list[str]:
    return [node.node(), str(place / "node_modules" / "@medusajs" / "cli" / "cli.js")]


def _command(place: Path, environment: dict[str, str], *words: str) -> None:
    done = node.run([*_program(place), *words], place, environment)
    if done.returncode != 0:
        raise NotInstalled(f"medusa {words[0]} failed:\n{(done.stdout + done.stderr)[-3000:]}")


@contextmanager
def _started(place: Path, environment: dict[str, str]) -> Iterator[Store]:
    store, process = _start(place, environment)
    try:
        store.sign_in()
        yield store
    finally:
        _end(process)
        store.office.close()
        store.front.close()


def _start(place: Path, environment: dict[str, str]) -> "tuple[Store, subprocess.Popen[bytes]]":
    """One that answers. Its port may be taken in between: then it is started once more."""
    for _attempt in range(STARTS):
        store = Store(free_port(), place / "store.log", environment["DATABASE_URL"])
        LOGS.append(store.log)
        process = _run(store, place, environment)
        if _answers(store, process):
            return store, process
        _end(process)
        told = store.log.read_text(errors="replace")[-3000:]
    raise NotInstalled(f"The store did not start, {STARTS} times:\n{told}")


def _run(store: Store, place: Path, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    ends_with_us = ["setpriv", "--pdeathsig", "TERM"]
    command = [*ends_with_us, *_program(place), "start", "-H", "127.0.0.1", "-p", str(store.port)]
    with store.log.open("wb") as log:
        return subprocess.Popen(
            command, cwd=place, env={**os.environ, **environment}, stdout=log,
            stderr=subprocess.STDOUT,
        )  # fmt: skip


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(20)


def _answers(store: Store, process: "subprocess.Popen[bytes]") -> bool:
    until = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{store.url}/health", timeout=5).is_success:
                return True
        except httpx.HTTPError:
            pass  # not yet
        time.sleep(0.3)
    return False
