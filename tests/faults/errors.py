"""Let each write and each sync fail once, one run a call; print what was counted (R15).

    python -m tests.faults.errors FOLDER SCENE [--control] [--every N]

The process must end where a commit or a file failed, with what supervisors and mail servers
take for "try again", and nothing may have been promised that is not kept.
"""

import argparse
import json
import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.faults import place

FAILING = ("pwrite64", "write", "fsync", "fdatasync", "ftruncate")


def main(asked: argparse.Namespace) -> None:
    folder: Path = asked.folder
    place.set_up(folder / "data")
    from django.db import connection

    from tests.faults import enumerate as kills
    from tests.faults import scenes
    from tests.faults.strace import points_of
    from tests.faults.tally import Tally

    scene = kills.made(asked)
    begun = time.monotonic()
    tally = Tally(scene=f"{asked.scene} with I/O errors{' control' if asked.control else ''}")
    scene.prepare()
    connection.close()
    again = kills.beginning(folder, getattr(scene, "anew", lambda: None))
    if asked.scene != "accepting":
        scene.act()
        connection.close()
    again()
    points = points_of(scene.act, scene.meanwhile, folder / "calls")
    points = [point for point in points if point.call in FAILING]
    again()
    for point in points[:: asked.every]:
        tally.points += 1
        fell, code = fail_at(point, scene, folder / "calls")
        tally.delivered += fell
        tally.ended += code == 75
        tally.corrupt += code not in (0, 75)
        tally.corrupt += not scenes.is_whole()
        scene.judge(tally)
        connection.close()
        again()
        if asked.control and tally.lost:
            break
    tally.seconds = round(time.monotonic() - begun, 1)
    print(json.dumps(asdict(tally)))


def fail_at(point: Any, scene: Any, log: Path) -> tuple[bool, int]:
    """Run with one call refused; whether it was, and how the process ended."""
    from tests.faults.strace import run

    inject = f"inject={point.call}:error=EIO:when={point.number}"
    options = ["-e", f"trace={point.call}", "-e", inject, "-o", str(log)]
    status = run(scene.act, scene.meanwhile, options)
    return "(INJECTED)" in log.read_text(errors="replace"), os.waitstatus_to_exitcode(status)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("scene")
    parser.add_argument("--control", action="store_true", help="promise before it is written")
    parser.add_argument("--every", type=int, default=1, help="one call of so many")
    parser.add_argument("--mails", type=int, default=0)
    parser.set_defaults(step="", cluster="")
    return parser.parse_args()


if __name__ == "__main__":
    main(arguments())
