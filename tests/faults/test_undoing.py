"""Undo races the sender on both databases: each answer left, or is a draft again."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import cluster, size
from tests.faults.tally import Tally, count
from tests.faults.test_kills import ROOT

ANSWERS = size.of(60, 600)
RACES = 4
"""At most: as a rule both sides win some in the first."""


def race(folder: Path, url: str) -> Tally:
    asked = [str(folder), "--answers", str(ANSWERS), "--cluster", url]
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.undoing", *asked],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=size.of(900, 3600),
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return Tally(**json.loads(done.stdout.splitlines()[-1]))


def raced(database: str, folder: Path) -> Tally:
    folder.mkdir()
    if database == "SQLite":
        return count("R06", race(folder, ""))
    with cluster.running(is_quick=True) as apart:
        return count("R06", race(folder, apart.url))


@pytest.mark.parametrize("database", ["SQLite", "PostgreSQL"])
def test_an_answer_leaves_or_is_taken_back(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(RACES):
        tally = raced(database, tmp_path / str(number))
        with capsys.disabled():
            print(f"\n{tally.told()}")
        assert tally.delivered == tally.points > 0
        assert tally.stored_once == ANSWERS
        assert (tally.lost, tally.duplicated) == (0, 0)
        # Both sides won some of them, or it was no race.
        if 0 < tally.unacknowledged < ANSWERS:
            return
    raise AssertionError(f"One side won all of {RACES} races.")
