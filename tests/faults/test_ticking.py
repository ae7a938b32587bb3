"""Promises break once though four workers look, are killed and stalled; on both databases."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import cluster, size
from tests.faults.tally import Tally, count
from tests.faults.test_kills import ROOT

PROMISES = size.of(200, 2_000)


def workers(folder: Path, url: str = "", *more: str) -> Tally:
    asked = [str(folder), "--promises", str(PROMISES), "--cluster", url, *more]
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.ticking", *asked],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=size.of(900, 3600),
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return Tally(**json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("database", ["SQLite", "PostgreSQL"])
def test_each_break_and_each_step_is_told_once(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if database == "SQLite":
        tally = count("R37", workers(tmp_path))
    else:
        with cluster.running(is_quick=True) as apart:
            tally = count("R37", workers(tmp_path, apart.url))
    with capsys.disabled():
        print(f"\n{tally.told()}")
    assert tally.delivered > 0
    assert tally.stored_once == tally.acknowledged == PROMISES
    assert (tally.lost, tally.duplicated) == (0, 0)
    assert tally.unacknowledged > 0, "nobody was ever warned"


def test_careless_workers_are_found_out(tmp_path: Path) -> None:
    # Whether two of them meet is chance, and a busy machine lets few of them meet.
    tried = (workers(tmp_path / str(number), "", "--careless") for number in range(5))
    assert any(tally.duplicated for tally in tried)
