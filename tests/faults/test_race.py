"""Eight processes take in the same mails at once, by three ways each: one message a mail."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults import cluster, size
from tests.faults.tally import Tally, count
from tests.faults.test_kills import ROOT

MAILS = size.of(40, 1_000)


def race(folder: Path, url: str) -> Tally:
    asked = [str(folder), "--mails", str(MAILS), "--cluster", url]
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.race", *asked],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=size.of(900, 3600),
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return Tally(**json.loads(done.stdout.splitlines()[-1]))


@pytest.fixture(scope="module")
def raced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Tally]]:
    with ThreadPoolExecutor(2) as pool, cluster.all_apart() as apart:
        urls = {"SQLite": "", "PostgreSQL": apart()}
        running = {
            name: pool.submit(race, tmp_path_factory.mktemp("race"), url)
            for name, url in urls.items()
        }
        yield {name: one.result() for name, one in running.items()}


@pytest.mark.parametrize("database", ["SQLite", "PostgreSQL"])
def test_a_mail_that_comes_by_many_ways_at_once_is_one_message(
    database: str, raced: dict[str, Tally], capsys: pytest.CaptureFixture[str]
) -> None:
    tally = count("R04", raced[database])
    with capsys.disabled():
        print(f"\n{tally.told()}")
    assert tally.delivered == tally.points > 0
    assert tally.stored_once == MAILS
    assert (tally.lost, tally.duplicated) == (0, 0)
