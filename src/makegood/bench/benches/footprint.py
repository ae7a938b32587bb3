"""What the whole of `makegood serve` needs: memory at rest, time to start, room on the disk."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from django.conf import settings

from makegood.bench.figures import Figure, figure
from makegood.bench.serving import free_port

REST = 6.0
"""Seconds of peace before the memory is read."""
PATIENCE = 60.0


def footprint(rounds: int) -> Iterator[Figure]:
    starts, memory, processes = [], 0.0, 0
    for start in range(3):
        taken, server = _start()
        starts.append(taken)
        if start == 2:
            time.sleep(REST)
            tree = _tree(server.pid)
            memory, processes = sum(map(_pss, tree)) / 1024, len(tree)
        server.send_signal(signal.SIGTERM)
        server.wait(30)
    yield figure("footprint.idle_mb", memory, "MB", None, processes)
    yield figure("footprint.cold_start_s", sorted(starts)[1], "s", None, len(starts))
    yield figure("footprint.installed_mb", _installed(), "MB")


def _start() -> tuple[float, "subprocess.Popen[bytes]"]:
    """Start the product as its owner does; seconds until the first page is there."""
    port, mail = free_port(), free_port()
    environment = {
        **os.environ,
        "MAKEGOOD_SMTP_LISTEN": f"127.0.0.1:{mail}",
        "MAKEGOOD_URL": f"http://127.0.0.1:{port}",
    }
    began = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "makegood", "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    while not _answers(port):
        if server.poll() is not None or time.perf_counter() - began > PATIENCE:
            raise RuntimeError("The server did not start.")
        time.sleep(0.02)
    return time.perf_counter() - began, server


def _answers(port: int) -> bool:
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        wire.request("GET", "/accounts/login/")
        return wire.getresponse().status == 200
    except OSError:
        return False
    finally:
        wire.close()


def _tree(root: int) -> list[int]:
    """A process and everything below it."""
    found = [root]
    for pid in found:
        children = Path(f"/proc/{pid}/task/{pid}/children")
        found += [int(child) for child in children.read_text().split()]
    return found


def _pss(pid: int) -> int:
    """Kilobytes that belong to a process: what is shared is counted in parts."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def _installed() -> float:
    """Megabytes of ourselves and of the packages that the lock for running names."""
    lock = (Path(settings.CHECKOUT) / "requirements" / "run.lock").read_text()
    names = [line.partition("==")[0] for line in lock.splitlines() if "==" in line]
    packages = sum(_size_of_package(name.strip()) for name in names)
    return (packages + _size(Path(settings.CHECKOUT) / "src" / "makegood")) / 1e6


def _size_of_package(name: str) -> int:
    try:
        files = distribution(name).files or []
    except PackageNotFoundError:
        return 0
    places = (Path(str(file.locate())) for file in files)
    return sum(place.stat().st_size for place in places if place.is_file())


def _size(folder: Path) -> int:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files)
