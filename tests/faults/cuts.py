"""Cut the power at every step of taking in, answering and sending; look at what is on the disk.

    python -m tests.faults.cuts FOLDER [--without folder|blob|sync|full] [--images N]

The real paths run once, under strace, over the real database and files. From what they did,
disks are made as they may be found after a cut at each step, and opened by the product.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.faults import place
from tests.faults.disk import Disk, Event, Step, Sync

MAILS = 6
RECOVERS = 25
"""One image of so many is worked on as well, until nothing waits."""


def main(asked: argparse.Namespace) -> None:
    place.set_up(asked.folder / "data")
    from django.db import connection

    from tests.faults.recorder import record
    from tests.faults.tally import Tally
    from tests.faults.whole_day import WholeDay

    begun = time.monotonic()
    day = WholeDay(asked.folder, without=asked.without)
    day.prepare()
    connection.close()
    data = asked.folder / "data"
    place.checkpoint(data / "makegood.sqlite3")
    before, steps = record(day.act, day.meanwhile, asked.folder / "calls", data)
    day.know()
    assert sum(isinstance(step, Sync) for step in steps) > MAILS or asked.without, "no syncs seen"
    tally = Tally(scene=f"power cut{f' without {asked.without}' if asked.without else ''}")
    rng = random.Random(asked.seed)
    for files, events in images(before, steps, rng, asked.images / len(steps)):
        lay_out(data, files)
        tally.points += 1
        tally.delivered += 1
        day.judge(tally, events, recovers=tally.points % RECOVERS == 0)
        connection.close()
        if asked.without and tally.lost + tally.corrupt:
            break
    tally.seconds = round(time.monotonic() - begun, 1)
    print(json.dumps(asdict(tally)))


def images(
    before: Disk, steps: list[Step], rng: random.Random, tries: float
) -> Iterator[tuple[dict[str, bytes], Counter[str]]]:
    """So many for each step, no two alike in their bytes and in what was promised."""
    disk, events, seen = before, Counter[str](), set()
    for step in steps:
        disk.take(step)
        if isinstance(step, Event):
            events[step.what] += 1
        some = int(tries) + (rng.random() < tries % 1)
        for _each in range(some if disk.pending else min(some, 1)):
            files = disk.after_a_cut(rng, rng.randrange(6)).files()
            mark = _mark(files, events)
            if mark not in seen:
                seen.add(mark)
                yield files, Counter(events)


def _mark(files: dict[str, bytes], events: Counter[str]) -> bytes:
    total = hashlib.blake2b(repr(sorted(events.items())).encode(), digest_size=16)
    for path in sorted(files):
        total.update(path.encode() + b"\0" + hashlib.blake2b(files[path]).digest())
    return total.digest()


def lay_out(data: Path, files: dict[str, bytes]) -> None:
    """Make the folder what the disk holds; the shared memory of a machine is never on it."""
    shutil.rmtree(data / "files", ignore_errors=True)
    for old in data.glob("makegood.sqlite3*"):
        old.unlink()
    for path, content in files.items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        Path(path).write_bytes(content)


def arguments() -> Any:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--without", default="", help="leave a safeguard out: must be found out")
    parser.add_argument("--images", type=int, default=300, help="about so many")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main(arguments())
