"""The fetcher is killed at every call that changes anything: every mail comes in, and once."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.faults import size
from tests.faults.tally import Tally, count
from tests.faults.test_kills import Run, play

FETCHING = Run("R01", "fetching", mails=size.of(4, 100), at_least=size.of(80, 1_000))
TOO_EARLY = Run("R01", "fetching", mails=3, is_control=True)

Played = Callable[[Run], Tally]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    with ThreadPoolExecutor(max(2, os.cpu_count() or 2)) as pool:
        running: dict[Run, Future[Tally]] = {}
        for run in (FETCHING, TOO_EARLY):
            running[run] = pool.submit(play, tmp_path_factory.mktemp("fetching"), run, "")
        yield lambda run: running[run].result()


def test_a_kill_anywhere_in_fetching_loses_and_doubles_nothing(
    played: Played, capsys: pytest.CaptureFixture[str]
) -> None:
    tally = count("R01", played(FETCHING))
    with capsys.disabled():
        print(f"\n{tally.told()}")
    assert tally.points == tally.delivered >= FETCHING.at_least
    assert tally.acknowledged > 0
    assert (tally.lost, tally.duplicated, tally.corrupt) == (0, 0, 0)


def test_saying_how_far_it_came_before_the_commit_is_found_out(played: Played) -> None:
    assert played(TOO_EARLY).lost > 0
