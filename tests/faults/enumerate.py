"""Play one scene once for every system call that changes anything; print what was counted.

    python -m tests.faults.enumerate FOLDER SCENE [--control] [--mails N] [--every N]
                                                  [--cluster URL]

Runs apart from pytest, over its own data folder, because it kills its own children.
"""

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.faults import place


def main(asked: argparse.Namespace) -> None:
    folder: Path = asked.folder
    place.set_up(folder / "data", asked.cluster)
    from django.db import connection

    from tests.faults import scenes
    from tests.faults.strace import kill_at, points_of
    from tests.faults.tally import Tally

    scene = made(asked)
    begun = time.monotonic()
    tally = Tally(scene=named(asked))
    scene.prepare()
    connection.close()
    again = beginning(folder, getattr(scene, "anew", lambda: None))
    if asked.scene != "accepting":
        scene.act()  # what is loaded once is loaded now, and not in every run
        connection.close()
    again()
    alone = getattr(scene, "alone", scene.meanwhile)
    points = points_of(scene.act, alone, folder / "calls")
    again()
    for point in points[asked.seed % asked.every :: asked.every]:
        tally.points += 1
        tally.delivered += kill_at(point, scene.act, scene.meanwhile)
        tally.corrupt += not scenes.is_whole()
        scene.judge(tally)
        connection.close()
        again()
        if asked.control and tally.lost + tally.duplicated:
            break
    tally.seconds = round(time.monotonic() - begun, 1)
    print(json.dumps(asdict(tally)))


def made(asked: argparse.Namespace) -> Any:
    """The scene that was asked for, by its name."""
    from tests.faults import automatic, erranding, mailbox_scenes, scenes
    from tests.faults.sink import start_sink

    folder, taken, mails = asked.folder, asked.folder / "taken", asked.mails
    taken.write_text("")
    kinds: dict[str, Callable[[], Any]] = {
        "accepting": lambda: scenes.Accepting(folder, mails, is_control=asked.control),
        "fetching": lambda: mailbox_scenes.Fetching(mails, is_control=asked.control),
        "taking_in": lambda: scenes.TakingIn(mails),
        "automatic": lambda: (automatic.Unheld if asked.control else automatic.Automatic)(
            taken, start_sink(taken), mails
        ),
        "erranding": lambda: erranding.made(asked.step, is_control=asked.control),
        "replying": lambda: scenes.Replying(folder, mails),
        "sending": lambda: scenes.Sending(
            taken, start_sink(taken, asked.step), mails, is_control=asked.control
        ),
    }
    return kinds[asked.scene]()


def named(asked: argparse.Namespace) -> str:
    """What this run is called in the figures."""
    more = [asked.scene]
    more += [asked.step] if asked.step else []
    more += ["on PostgreSQL"] if asked.cluster else []
    more += ["control"] if asked.control else []
    return " ".join(more)


def beginning(folder: Path, anew: Callable[[], None]) -> Callable[[], None]:
    """Remember how it is before the scene; returns what makes it so again, and the world too."""
    restore = place.remember(folder)

    def again() -> None:
        restore()
        anew()
        (folder / "taken").write_text("")
        (folder / "said").unlink(missing_ok=True)

    return again


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("scene")
    parser.add_argument("--control", action="store_true", help="do it wrong on purpose")
    parser.add_argument("--mails", type=int, default=0, help="0: as few as say something")
    parser.add_argument("--every", type=int, default=1, help="one call of so many")
    parser.add_argument("--seed", type=int, default=0, help="which ones of those")
    parser.add_argument("--cluster", default="", help="on this PostgreSQL")
    parser.add_argument("--step", default="", help="where the customers' server cuts: EHLO …")
    return parser.parse_args()


if __name__ == "__main__":
    main(arguments())
