"""Every write and every sync fails once: nothing false is said, and nobody goes on after it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import size
from tests.faults.tally import Tally, count

ROOT = Path(__file__).resolve().parents[2]
EVERY = {"accepting": 2, "taking_in": 8, "replying": 10, "sending": 3}
GOES_ON = 0.2
"""At most this part of the failures touches nothing that is kept: a log line, a checkpoint."""


def play(folder: Path, scene: str, *options: str) -> Tally:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.errors", str(folder), scene, *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=size.of(1800, 3600),
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return Tally(**json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("scene", EVERY)
def test_a_write_that_fails_ends_the_process_and_promises_nothing(
    scene: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    every = size.of(EVERY[scene], 1)
    tally = count("R15", play(tmp_path, scene, "--every", str(every)))
    with capsys.disabled():
        print(f"\n{tally.told()}")
    assert tally.points == tally.delivered >= 5
    assert (tally.lost, tally.duplicated, tally.corrupt) == (0, 0, 0)
    assert tally.ended >= tally.delivered * (1 - GOES_ON)


def test_promising_before_it_is_written_is_found_out(tmp_path: Path) -> None:
    assert play(tmp_path, "accepting", "--control").lost
