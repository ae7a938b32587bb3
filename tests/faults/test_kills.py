"""Killed at every system call that changes anything: nothing promised is lost, nothing doubled.

The figures of each scene are printed. The controls do it wrong on purpose, and must be found
out: a counting that finds nothing there would find nothing anywhere.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.tally import Tally

ROOT = Path(__file__).resolve().parents[2]
SCENES = ("taking_in", "replying", "sending", "accepting")
CONTROLS = ("accepting", "sending")


def play(folder: Path, scene: str, *more: str) -> Tally:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.enumerate", str(folder), scene, *more],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return Tally(**json.loads(done.stdout.splitlines()[-1]))


Played = Callable[[str], Tally]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """All scenes at once, as many as there are cores; ask for one by its name."""
    with ThreadPoolExecutor(max(2, os.cpu_count() or 2)) as pool:
        running: dict[str, Future[Tally]] = {}
        for scene in SCENES:
            running[scene] = pool.submit(play, tmp_path_factory.mktemp(scene), scene)
        for scene in CONTROLS:
            folder = tmp_path_factory.mktemp(f"{scene}-control")
            running[f"{scene} control"] = pool.submit(play, folder, scene, "--control")
        yield lambda name: running[name].result()


@pytest.mark.parametrize("scene", SCENES)
def test_a_kill_anywhere_loses_and_doubles_nothing(
    scene: str, played: Played, capsys: pytest.CaptureFixture[str]
) -> None:
    tally = played(scene)
    with capsys.disabled():
        print(f"\n{tally.told()}")
    assert tally.points == tally.delivered >= 20
    assert tally.acknowledged > 0
    assert (tally.lost, tally.duplicated, tally.corrupt) == (0, 0, 0)


def test_acknowledging_before_the_commit_is_found_out(played: Played) -> None:
    assert played("accepting control").lost > 0


def test_sending_before_it_is_written_down_is_found_out(played: Played) -> None:
    assert played("sending control").duplicated > 0
