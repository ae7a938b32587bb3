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
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults import cluster, size
from tests.faults.tally import Tally, count

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Run:
    """One scene as it is asked for, and the promise that it says something of."""

    row: str
    scene: str
    mails: int = 0
    every: int = 1
    step: str = ""
    is_on_postgresql: bool = False
    is_control: bool = False
    at_least: int = 20

    @property
    def name(self) -> str:
        more = [self.step] if self.step else []
        more += ["on PostgreSQL"] if self.is_on_postgresql else []
        return " ".join([self.scene, *more])

    def options(self, url: str) -> list[str]:
        asked = ["--mails", str(self.mails), "--every", str(self.every)]
        asked += ["--step", self.step] if self.step else []
        asked += ["--cluster", url] if self.is_on_postgresql else []
        return [*asked, "--control"] if self.is_control else asked


SCENES = (
    Run("R04", "taking_in", mails=size.of(0, 4)),
    Run("R05", "replying", mails=size.of(0, 4)),
    Run("R06", "sending", mails=size.of(0, 4)),
    Run("R02", "accepting", mails=size.of(0, 12)),
    Run("M01", "erranding", every=size.of(5, 1)),
)
RACED = (
    Run("R07", "automatic", mails=2, every=size.of(24, 1), at_least=size.of(2, 20)),
    Run("M01", "erranding", step="raced", every=size.of(12, 1), at_least=size.of(2, 20)),
)
ON_POSTGRESQL = tuple(
    Run(row, scene, mails=2, every=size.of(every, 1), is_on_postgresql=True, at_least=4)
    for row, scene, every in (
        ("R02", "accepting", 10),
        ("R04", "taking_in", 20),
        ("R05", "replying", 10),
        ("R06", "sending", 10),
        ("M01", "erranding", 12),
    )
)
# The shop is silent after it did what it was asked, or before; or it asks to wait.
SILENT = tuple(
    Run("M01", "erranding", step=step, every=size.of(every, 1), at_least=5)
    for step, every in (("mute", 16), ("dead", 16), ("busy", 8))
)
# "." is cut while the mail is on its way, TAKEN when the server has it and has not said so.
CUT_OFF = tuple(
    Run("R06", "sending", step=step, every=size.of(11, 1), at_least=5)
    for step in ("EHLO", "MAIL", "RCPT", "DATA", ".", "TAKEN", "QUIT")
)
CONTROLS = (
    Run("R02", "accepting", is_control=True),
    Run("R06", "sending", is_control=True),
    Run("R07", "automatic", mails=2, every=8, is_control=True),
    Run("M01", "erranding", is_control=True),
)


def play(folder: Path, run: Run, url: str) -> Tally:
    done = subprocess.run(
        [
            sys.executable, "-m", "tests.faults.enumerate", str(folder), run.scene,
            *run.options(url),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=size.of(1800, 3600),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return Tally(**json.loads(done.stdout.splitlines()[-1]))


Played = Callable[[Run], Tally]


@pytest.fixture(scope="module")
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Played]:
    """All that the chosen tests ask for at once, as many as there are cores."""
    asked = [getattr(item, "callspec", None) for item in request.session.items]
    wanted = [each.params["run"] for each in asked if each and "run" in each.params]
    with ThreadPoolExecutor(max(2, os.cpu_count() or 2)) as pool, cluster.all_apart() as apart:
        running: dict[Run, Future[Tally]] = {}
        for run in wanted:
            url = apart() if run.is_on_postgresql else ""
            running[run] = pool.submit(play, tmp_path_factory.mktemp("scene"), run, url)
        yield lambda run: running[run].result()


def judge(tally: Tally, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    count(run.row, tally)
    with capsys.disabled():
        print(f"\n{tally.told()}")
    assert tally.points == tally.delivered >= run.at_least
    assert (tally.lost, tally.duplicated, tally.corrupt) == (0, 0, 0)


@pytest.mark.parametrize("run", SCENES, ids=lambda run: run.name)
def test_a_kill_anywhere_loses_and_doubles_nothing(
    run: Run, played: Played, capsys: pytest.CaptureFixture[str]
) -> None:
    tally = played(run)
    judge(tally, run, capsys)
    assert tally.acknowledged > 0


@pytest.mark.parametrize("run", RACED, ids=lambda run: run.name)
def test_what_is_done_by_itself_is_done_once_by_several_who_race(
    run: Run, played: Played, capsys: pytest.CaptureFixture[str]
) -> None:
    tally = count(run.row, played(run))
    with capsys.disabled():
        print(f"\n{tally.told()}")
    # Where another was faster, the one to be killed never came to that call.
    assert tally.delivered >= run.at_least
    assert (tally.lost, tally.duplicated, tally.corrupt) == (0, 0, 0)


@pytest.mark.parametrize("run", CUT_OFF, ids=lambda run: run.name)
def test_a_server_that_cuts_and_a_kill_together_send_nothing_twice(
    run: Run, played: Played, capsys: pytest.CaptureFixture[str]
) -> None:
    judge(played(run), run, capsys)


@pytest.mark.parametrize("run", SILENT, ids=lambda run: run.name)
def test_a_shop_that_is_silent_and_a_kill_together_pay_nothing_twice(
    run: Run, played: Played, capsys: pytest.CaptureFixture[str]
) -> None:
    judge(played(run), run, capsys)


@pytest.mark.parametrize("run", ON_POSTGRESQL, ids=lambda run: run.name)
def test_a_kill_anywhere_does_no_harm_on_postgresql(
    run: Run, played: Played, capsys: pytest.CaptureFixture[str]
) -> None:
    tally = played(run)
    judge(tally, run, capsys)
    assert tally.acknowledged > 0


@pytest.mark.parametrize("run", CONTROLS, ids=lambda run: run.name)
def test_what_does_it_wrong_on_purpose_is_found_out(run: Run, played: Played) -> None:
    tally = played(run)
    assert tally.lost if run.scene == "accepting" else tally.duplicated
