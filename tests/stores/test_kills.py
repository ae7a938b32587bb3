"""Errands of a desk whose worker is killed at a real store: each is done there exactly once."""

import json
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.faults.tally import Tally, count
from tests.moulds import ROOT, migrate, pour
from tests.stores import goods as shopping
from tests.stores.conftest import Shelves
from tests.stores.wire import Fault, Wire, wired

SECONDS = 120
FAULTS: Sequence[tuple[str, Fault]] = (
    ("refund", Fault.KILLED_AFTER),
    ("refund", Fault.KILLED_BEFORE),
    ("coupon", Fault.KILLED_AFTER),
    ("refund", Fault.SILENT),
    ("refund", Fault.KILLED_AFTER),
)


@dataclass
class Desk:
    """A desk in a folder, whose processes speak with the store over the wire."""

    folder: Path
    wire: Wire
    is_careful: bool

    def process(self, *words: str) -> "subprocess.Popen[str]":
        environment = {
            **os.environ, "MAKEGOOD_DATA": str(self.folder), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "MAKEGOOD_TEST_DATA": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "makegood.config.settings",
            "MAKEGOOD_NEAR_HOSTS": f"127.0.0.1:{self.wire.port}",
        }  # fmt: skip
        environment.pop("DATABASE_URL", None)
        more = () if self.is_careful else ("careless",)
        return subprocess.Popen(
            [sys.executable, "-m", "tests.stores.deputy", *words, *more], cwd=ROOT,
            env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, *words: str, said: Any = None) -> Any:
        """One that lives to its end: what it told."""
        process = self.process(*words)
        try:
            out, wrong = process.communicate(json.dumps(said), timeout=SECONDS)
        finally:
            process.kill()
        assert process.returncode == 0, f"{words}: {wrong[-3000:]}"
        return json.loads(out.splitlines()[-1])

    def run_into(self, fault: Fault) -> None:
        """A worker that the fault befalls."""
        fell = len(self.wire.fell)
        self.wire.faults = deque([fault])
        process = self.process("work")
        self.wire.victim = process.pid
        try:
            _out, wrong = process.communicate(timeout=SECONDS)
        finally:
            process.kill()
        ended = 0 if fault == Fault.SILENT else -signal.SIGKILL
        assert process.returncode == ended, f"{fault}: {process.returncode} {wrong[-3000:]}"
        assert self.wire.fell[fell:] == [fault]


def in_the_store(shelves: Shelves, what: str, order: str, number: int) -> int:
    """How often it was done, as the store itself says."""
    store = shelves.store
    if what == "coupon":
        return int(store.admin(f"/promotions?code=DESK-{order[-6:].upper()}-{number}")["count"])
    said = store.admin(f"/orders/{order}?fields=*payment_collections.payments.refunds")
    payments = [one for group in said["order"]["payment_collections"] for one in group["payments"]]
    return sum(len(one["refunds"]) for one in payments)


def killed(shelves: Shelves, folder: Path, faults: Sequence[tuple[str, Fault]], *,
           is_careful: bool) -> tuple[Tally, list[dict[str, Any]]]:  # fmt: skip
    """An errand for each fault, and the fault; then time goes by. What it cost."""
    pour(folder / "makegood.sqlite3") or migrate(folder)
    asked = []
    for what, _fault in faults:
        order = shopping.an_order(shelves.store, shelves.goods)
        shopping.captured(shelves.store, order)
        asked.append((what, order))
    scene = "errands at a real store" + ("" if is_careful else ", careless")
    tally = Tally(scene=scene, points=len(faults), acknowledged=len(asked))
    with wired(shelves.store.url) as wire:
        desk = Desk(folder, wire, is_careful)
        desk.run("ask", said={"url": wire.url, "token": shelves.store.token, "asked": asked})
        for _what, fault in faults:
            desk.run_into(fault)
        tally.delivered = len(wire.fell)
        desk.run("later")
        ended = desk.run("judge")
    times = [
        in_the_store(shelves, what, order, number) for number, (what, order) in enumerate(asked)
    ]
    tally.lost = times.count(0)
    tally.stored_once = times.count(1)
    tally.duplicated = sum(max(0, one - 1) for one in times)
    tally.in_doubt = sum(fault != Fault.KILLED_BEFORE for _what, fault in faults)
    tally.in_doubt_arrived = tally.in_doubt
    print(tally.told())
    return tally, ended


def test_what_was_asked_is_done_once_wherever_the_worker_is_killed(
    shelves: Shelves, tmp_path: Path
) -> None:
    tally, ended = killed(shelves, tmp_path, FAULTS, is_careful=True)
    count("M02", tally)
    assert tally.delivered == len(FAULTS)
    assert (tally.lost, tally.duplicated, tally.stored_once) == (0, 0, len(FAULTS))
    assert {one["state"] for one in ended} == {"done"}
    assert all(one["external_id"] for one in ended)


def test_whoever_does_not_look_would_be_seen(shelves: Shelves, tmp_path: Path) -> None:
    faults = [("refund", Fault.KILLED_AFTER), ("refund", Fault.SILENT)]
    tally, _ended = killed(shelves, tmp_path, faults, is_careful=False)
    assert (tally.delivered, tally.lost, tally.duplicated) == (2, 0, 2)


@pytest.fixture(autouse=True)
def _no_desk_of_tests() -> None:
    """These speak with desks in processes of their own: no database of this one."""
