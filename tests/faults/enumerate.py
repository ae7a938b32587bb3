"""Play one scene once for every system call that changes anything; print what was counted.

    python -m tests.faults.enumerate FOLDER SCENE [--control]

Runs apart from pytest, over its own data folder, because it kills its own children.
"""

import json
import os
import shutil
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any


def main(folder: Path, name: str, *, is_control: bool) -> None:
    _set_up_django(folder / "data")
    from django.db import connection

    from tests.faults import scenes
    from tests.faults.sink import start_sink
    from tests.faults.strace import kill_at, points_of
    from tests.faults.tally import Tally

    taken = folder / "taken"
    taken.write_text("")
    made: dict[str, Any] = {
        "accepting": lambda: scenes.Accepting(folder, is_control=is_control),
        "taking_in": scenes.TakingIn,
        "replying": lambda: scenes.Replying(folder),
        "sending": lambda: scenes.Sending(taken, start_sink(taken), is_control=is_control),
    }
    scene = made[name]()
    begun = time.monotonic()
    tally = Tally(scene=f"{name}{', control' if is_control else ''}")
    scene.prepare()
    connection.close()
    restore = _template(folder)
    if name != "accepting":
        scene.act()  # what is loaded once is loaded now, and not in every run
        connection.close()
        restore()
    taken.write_text("")
    (folder / "said").unlink(missing_ok=True)

    points = points_of(scene.act, scene.meanwhile, folder / "calls")
    restore()
    taken.write_text("")
    (folder / "said").unlink(missing_ok=True)
    for point in points:
        tally.points += 1
        tally.delivered += kill_at(point, scene.act, scene.meanwhile)
        tally.corrupt += not scenes.is_whole()
        scene.judge(tally)
        connection.close()
        restore()
        if is_control and tally.lost + tally.duplicated:
            break
    tally.seconds = round(time.monotonic() - begun, 1)
    print(json.dumps(asdict(tally)))


def _set_up_django(data: Path) -> None:
    data.mkdir(parents=True)
    os.environ["MAKEGOOD_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "makegood.config.settings"
    os.environ["MAKEGOOD_LOG_LEVEL"] = "CRITICAL"
    os.environ["MAKEGOOD_DNS"] = "off"
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from makegood.channels.connecting import InboxSettings, connect_inbox
    from makegood.ledger.actors import System
    from makegood.team.actions import add_agent

    house = System("setup")
    add_agent("nora@lantern.example", "Nora", role="agent", password="long enough", by=house)
    connect_inbox(
        InboxSettings(name="Support", kind="email", address="support@shop.test"), by=house
    )


def _template(folder: Path) -> Any:
    """Remember database and files as they are; returns what puts them back."""
    data, kept = folder / "data", folder / "template"
    kept.mkdir()
    database = data / "makegood.sqlite3"
    _checkpoint(database)
    shutil.copy(database, kept / "database")
    if (data / "files").exists():
        shutil.copytree(data / "files", kept / "files")

    def restore() -> None:
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(f"{database}{ending}").unlink(missing_ok=True)
        shutil.copy(kept / "database", database)
        shutil.rmtree(data / "files", ignore_errors=True)
        if (kept / "files").exists():
            shutil.copytree(kept / "files", data / "files")

    return restore


def _checkpoint(database: Path) -> None:
    from makegood.kit.sqlite_build import use_bundled_sqlite

    use_bundled_sqlite()
    import sqlite3

    link = sqlite3.connect(database)
    link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    link.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], is_control="--control" in sys.argv)
