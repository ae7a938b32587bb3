"""A hundred thousand histories of promises, half of them on each database, told by an oracle, too.

Some are lived in every run of the suite (`promises/tests/test_histories.py`); all of them here,
with `bin/test faults --full`, in parts that each have a seed of their own.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import pytest

from tests.faults import cluster, size
from tests.faults.test_kills import ROOT

LIVED = "src/makegood/promises/tests/test_histories.py"
MANY, PART = size.of(40, 100_000), size.of(20, 1_000)
TOLD = re.compile(r"(\d+) histories lived, (\d+) differed")


@pytest.fixture
def seeds(request: pytest.FixtureRequest) -> Iterator[int]:
    """Drawn from the run's own: another commit lives others."""
    first = int(request.config.getoption("randomly_seed") or 1) * MANY
    return iter(range(first, first + MANY))


def live(part: int, url: str) -> tuple[int, int]:
    """One part in a process of its own; how many were lived, and how many differed."""
    place = {"MAKEGOOD_TEST_DATABASES": url} if url else {}
    kept = {name: word for name, word in os.environ.items() if name not in _OF_THIS_RUN}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            LIVED,
            "-n0",
            "-s",
            f"--hypothesis-seed={part}",
            "-o",
            "faulthandler_timeout=0",  # a part is one long test: only `timeout` ends it
        ],
        cwd=ROOT,
        env={
            **kept,
            **place,
            "MAKEGOOD_HISTORIES": str(PART),
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=7200,
    )
    told = TOLD.search(done.stdout)
    assert told is not None, done.stdout[-4000:] + done.stderr[-2000:]
    assert done.returncode == 0, done.stdout[-6000:]
    return int(told[1]), int(told[2])


_OF_THIS_RUN = ("MAKEGOOD_TEST_DATA", "MAKEGOOD_TEST_DATABASES", "MAKEGOOD_DATA", "DATABASE_URL")


def test_every_history_gives_what_the_oracle_says(
    seeds: Iterator[int], capsys: pytest.CaptureFixture[str]
) -> None:
    with cluster.running(is_quick=True) as apart, ThreadPoolExecutor(2) as pool:
        of = {"SQLite": "", "PostgreSQL": apart.url}
        parts = {name: list(islice(seeds, MANY // PART // 2)) for name in of}
        lived = {
            name: pool.submit(lambda name=name: [live(one, of[name]) for one in parts[name]])  # type: ignore[misc]
            for name in of
        }
        found = {name: one.result() for name, one in lived.items()}
    for name, counted in found.items():
        histories, differed = (sum(numbers) for numbers in zip(*counted, strict=True))
        with capsys.disabled():
            print(f"\n{histories} histories of promises lived on {name}, {differed} differed")
        assert histories >= MANY // 2
        assert differed == 0
