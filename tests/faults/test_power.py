"""The power goes at every step of a day's work: what was promised is on the disk, and whole.

Disks are made as they may be found after the cut, and opened by the product. Leaving out one
safeguard at a time must be found out: otherwise the model is too kind.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import size
from tests.faults.tally import Tally, count

ROOT = Path(__file__).resolve().parents[2]
SAFEGUARDS = ("folder", "blob", "sync", "full")
SEEDS = range(size.of(1, 4))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """In memory where there is such a place: thousands of disks are written here."""
    if not Path("/dev/shm").is_dir():
        yield tmp_path
        return
    made = Path(tempfile.mkdtemp(prefix="makegood-power.", dir="/dev/shm"))
    yield made
    shutil.rmtree(made)


def cut(folder: Path, *options: str) -> Tally:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.cuts", str(folder), *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=size.of(900, 3600),
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return Tally(**json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_power_cut_loses_nothing_and_leaves_nothing_half(
    seed: int, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = size.of(300, 4000)
    tally = count("R16", cut(folder, "--images", str(wanted), "--seed", str(seed)))
    with capsys.disabled():
        print(f"\n{tally.told()}")
    assert tally.delivered >= wanted * 0.75
    assert tally.acknowledged > 0
    assert (tally.lost, tally.duplicated, tally.corrupt) == (0, 0, 0)


@pytest.mark.parametrize("safeguard", SAFEGUARDS)
def test_leaving_out_a_safeguard_is_found_out(safeguard: str, folder: Path) -> None:
    tally = cut(folder, "--images", "1500", "--without", safeguard)
    assert tally.lost + tally.corrupt
