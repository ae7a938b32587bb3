"""The worker of rules is killed at random: every act is done once, and none is forgotten."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.faults import size
from tests.faults.test_kills import ROOT

MANY = size.of(60, 1_000)


def test_rules_whose_worker_is_killed_do_each_act_once(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.rules", str(tmp_path), "--many", str(MANY)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=size.of(900, 1800),
    )
    assert done.returncode == 0, done.stderr[-4000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["kills"] >= 3
    assert told["runs"] == told["notes"] == told["noted"] == MANY
    assert told["tagged"] == told["events"] == MANY
