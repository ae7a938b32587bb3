"""What the whole of `makegood serve` needs: memory at rest, time to start, room on the disk."""

import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from django.conf import settings

from makegood.bench.figures import Figure, figure
from makegood.bench.whole import pss, start, tree

REST = 6.0
"""Seconds of peace before the memory is read."""


def footprint(rounds: int) -> Iterator[Figure]:
    starts, memory, processes = [], 0.0, 0
    for turn in range(3):
        whole = start()
        starts.append(whole.seconds)
        if turn == 2:
            time.sleep(REST)
            found = tree(whole.process.pid)
            memory, processes = sum(map(pss, found)) / 1024, len(found)
        whole.end()
    yield figure("footprint.idle_mb", memory, "MB", None, processes)
    yield figure("footprint.cold_start_s", sorted(starts)[1], "s", None, len(starts))
    yield figure("footprint.installed_mb", _installed(), "MB")


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
