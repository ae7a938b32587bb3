"""Who dies is replaced: at once after it had served, ever later while it dies as it begins."""

import os
import signal
import threading
import time
from pathlib import Path

from makegood.config.tree import HEALTHY_AFTER, LONGEST_REST, Child, Tree


def after(lived: float, times: int) -> float:
    """How long it rests once it died so often after living so long."""
    child = Child("one", lambda: None)
    for _time in range(times):
        child.pid, child.started_at = 1, 100.0
        child.has_ended(100.0 + lived)
    assert child.pid == 0
    assert child.due_at == 100.0 + lived + child.rest
    return child.rest


def test_who_had_served_is_replaced_at_once() -> None:
    assert after(HEALTHY_AFTER + 0.1, times=1) == after(HEALTHY_AFTER + 0.1, times=9) == 0


def test_who_dies_as_it_begins_rests_ever_longer() -> None:
    rests = [after(0.1, times) for times in range(1, 10)]
    assert rests == sorted(rests)
    assert 0 < rests[0] < 1
    assert rests[-1] == LONGEST_REST


def test_a_tree_starts_another_for_each_that_was_killed(tmp_path: Path) -> None:
    """In a process of its own: a tree takes over the signals."""
    told = tmp_path / "told"

    def serve() -> None:
        with told.open("a") as file:
            file.write(f"{os.getpid()}\n")
        time.sleep(60)

    tree = os.fork()
    if tree == 0:
        try:
            Tree([Child("one", serve)]).run()
        finally:
            os._exit(0)
    patience = threading.Timer(60, os.kill, [tree, signal.SIGKILL])
    patience.start()
    try:
        for wanted in range(1, 5):
            while len(pids := told.read_text().split() if told.exists() else []) < wanted:
                time.sleep(0.01)
            os.kill(int(pids[-1]), signal.SIGKILL)
        os.kill(tree, signal.SIGTERM)
        assert os.waitpid(tree, 0)[1] == 0
        assert len(set(told.read_text().split())) >= 4
    finally:
        patience.cancel()
