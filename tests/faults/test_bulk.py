"""The worker is killed at random while it acts on many: each is acted on once, none forgotten."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.faults import size
from tests.faults.test_kills import ROOT

MANY = size.of(500, 2_000)


def test_a_worker_killed_again_and_again_acts_on_each_once(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.bulk", str(tmp_path), "--many", str(MANY)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=size.of(900, 1800),
    )
    assert done.returncode == 0, done.stderr[-4000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["kills"] >= 5
    assert told["state"] == "done"
    assert told["acted"] == told["tagged"] == told["events"] == told["items"] == MANY
    assert told["at_most_once_each"]
